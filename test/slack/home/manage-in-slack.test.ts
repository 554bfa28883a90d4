import { describe, expect, test } from 'vitest';
import { isRecord } from '../../../sandbox/slack/is-record.ts';
import { setupHome } from '../../support/setup-home.ts';

const fixture = setupHome();
const { dana, channels } = fixture;
const channel = () => channels().findOne({ slackChannelId: 'C0HEALTH001' });

describe('Manage in Slack', () => {
  /** The URL of the element or menu entry with this label. */
  const urlOf = (view: unknown, text: string) => {
    let found: string | undefined;
    JSON.stringify(view, (_key, value: unknown) => {
      if (isRecord(value) && isRecord(value.text) && value.text.text === text) found = String(value.url);
      return value;
    });
    return found;
  };
  const manageUrl = () => urlOf(dana.modal()?.content, 'Manage in Slack');

  test('is not offered if Slack gave no page', async () => {
    await channels().updateOne({}, { $set: { configurationUrl: null } });
    await dana.press('channel_menu', 'Disconnect <#C0HEALTH001>?', 'disconnect');
    expect(manageUrl()).toBeUndefined();
  });

  test('is offered by Disconnect, which says that the webhook stays in Slack', async () => {
    await dana.press('channel_menu', 'Disconnect <#C0HEALTH001>?', 'disconnect');
    expect(dana.modalText()).toContain('Left in Slack');
    const page = await fetch(manageUrl() ?? '');
    expect(await page.text()).toContain('Posts to customer-health');
    await dana.submit();
    await expect.poll(async () => (await channel())?.status).toBe('disconnected');
    expect(await channel()).not.toHaveProperty('configurationUrl');
  });
});
