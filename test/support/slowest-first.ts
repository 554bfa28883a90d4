import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take seconds, slowest first. */
const slowest = [
  'channels/installation-checks',
  'channels/uninstall-cleanup',
  'security/deletion/workspace',
  'embedded-mongo/test/folder',
  'channels/changing-accounts',
  'slack/install/slack-links',
  'channels/uninstall',
  'channels/outbox',
  'slack/delivered-twice',
  'delivery/two-processes',
  'delivery/serving-without-link',
  'slack/alert-buttons',
  'channels/outbox-once',
  'security/deletion/account',
  'delivery/sending',
  'delivery/weekend',
  'channels/connect-during-uninstall',
  'security/account-comes-back',
  'delivery/find-refused-alert',
];

/** So that no slow file runs alone at the end. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = slowest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at === -1 ? slowest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
