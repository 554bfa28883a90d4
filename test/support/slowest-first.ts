import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take seconds, slowest first. */
const slowest = [
  'slack/install/linking',
  'delivery/scheduler',
  'security/deletion/workspace',
  'delivery/sending',

  'channels/uninstall',
  'channels/changing-accounts',
  'delivery/trouble-shown',
  'slack/install/link-confirmation',
  'slack/install/slack-links',
  'delivery/find-refused-alert',
  'channels/outbox',
  'perly/tokens',
  'slack/install/install',
  'slack/alert-buttons',
  'slack/install/reconnecting',
];

/** Starts the slowest files first, so that none of them runs alone at the end. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = slowest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at === -1 ? slowest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
