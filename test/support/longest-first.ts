import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes seconds, much of it spent waiting, the longest first. */
const longest = [
  'slack/install/linking',
  'delivery/schedule',
  'security/deletion',
  'delivery/sending',
  'slack/uninstall',
  'slack/leaving',
  'delivery/changing-accounts',
  'delivery/trouble-shown',
  'slack/install/link-confirmation',
  'slack/install/slack-links',
  'delivery/culprits',
  'delivery/untold',
  'perly/tokens',
  'slack/install/install',
  'slack/alert-buttons',
  'slack/install/reconnecting',
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
