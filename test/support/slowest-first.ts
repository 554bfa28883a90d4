import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take four seconds or more, slowest first. */
const slowest = [
  'channels/installation-checks',
  'security/deletion/workspace',
  'embedded-mongo/test/folder',
  'delivery/serving-without-link',
  'slack/home/channel-controls',
  'channels/connect-during-uninstall',
  'channels/changing-accounts',
  'channels/uninstall',
  'security/account-comes-back',
  'delivery/sending',
  'slack/install/slack-links',
  'slack/install/link-confirmation',
  'security/deletion/account',
  'delivery/find-refused-alert',
  'store/reencrypt',
  'delivery/trouble-shown',
  'slack/install/linking',
  'slack/install/link-confirmation-refused',
  'slack/home/home',
  'slack/slack-connect',
  'channels/outbox',
  'delivery/scheduler',
  'sandbox/perly/settings',
  'channels/unlink',
  'security/tenancy',
  'ops/operations',
  'delivery/commands-per-alert',
  'slack/home/rules-modal',
  'delivery/unreadable-webhook',
  'slack/grid',
  'slack/install/install',
  'alert.e2e',
  'delivery/weekend',
  'embedded-mongo/test/engines-agree',
  'slack/install/linking-cut-short',
  'delivery/refused',
  'messages/digest-any-events',
  'ops/http-server',
  'channels/owners',
  'store/kept-in-memory',
  'channels/outbox-once',
  'slack/joined-alerts',
  'ops/health-routes',
];

/** Runs slow files first, so that none runs alone at the end. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = slowest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at === -1 ? slowest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
