import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take four seconds or more. One that computes and one that mostly waits stand in turn, each kind slowest
 * first, so that they run beside each other.
 */
const slowest = [
  'slack/home/channel-controls',
  'slack/home/rules-modal',
  'slack/install/linking',
  'channels/changing-accounts',
  'slack/home/rules-modal-trouble',
  'delivery/commands-per-alert',
  'slack/slack-connect',
  'delivery/sending',
  'slack/install/link-confirmation',
  'slack/install/slack-links',
  'channels/uninstall',
  'sandbox/perly/settings',
  'channels/connect-during-uninstall',
  'delivery/trouble-shown',
  'perly/tokens',
  'ops/operations',
  'delivery/find-refused-alert',
  'delivery/unreadable-webhook',
  'slack/grid',
  'slack/install/linking-cut-short',
  'slack/install/install',
  'alert.e2e',
  'store/deliveries/store',
  'slack/install/not-allowed',
  'security/bodies',
  'ops/health-routes',
  'perly/api/contract',
  'ops/http-server',
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
