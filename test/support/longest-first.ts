import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes seconds, much of it spent waiting, the longest first. */
const longest = [
  'delivery/weekend',
  'delivery/sending',
  'delivery/schedule',
  'delivery/two-processes',
  'slack/messages/digest-any-events',
  'security/fuzz',
  'delivery/untold',
  'delivery/told-once',
  'slack/home/channel-controls',
  'slack/install/install',
];

/** Starts the longest files first, so that none of them is left alone at the end of a run. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at === -1 ? longest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
