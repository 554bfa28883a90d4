import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

const manifest = readJson('../manifest.json');

/** The schema has formats and keywords of its own beside draft-07's: they are ignored, not refused. */
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const validate = ajv.compile(Object(readJson('fixtures/manifest.schema.2.0.0.json')));

describe('the Slack app’s manifest', () => {
  test('is what Slack’s schema asks for', () => {
    validate(manifest);
    expect(validate.errors).toBeNull();
  });

  test('would not pass with a misspelt key', () => {
    expect(validate({ ...Object(manifest), setings: {} })).toBe(false);
  });

  test('asks for one scope and no more', () => {
    expect(manifest).toHaveProperty('oauth_config.scopes', { bot: ['incoming-webhook'] });
  });

  test('shows a Home tab and no Messages tab', () => {
    expect(manifest).toHaveProperty('features.app_home.home_tab_enabled', true);
    expect(manifest).toHaveProperty('features.app_home.messages_tab_enabled', false);
  });

  test('is installed by each workspace for itself', () => {
    expect(manifest).toHaveProperty('settings.org_deploy_enabled', false);
  });

  test('sends everything to the same route, and only the events that the app handles', () => {
    const route = 'https://perly-slack.example.com/slack/events';
    expect(manifest).toHaveProperty('settings.event_subscriptions.request_url', route);
    expect(manifest).toHaveProperty('settings.interactivity.request_url', route);
    expect(manifest).toHaveProperty('settings.interactivity.message_menu_options_url', route);
    expect(manifest).toHaveProperty('settings.event_subscriptions.bot_events', [
      'app_home_opened',
      'app_uninstalled',
      'tokens_revoked',
    ]);
  });
});
