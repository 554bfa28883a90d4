import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { toManifest, toStagingManifest } from '../scripts/to-manifest.ts';
import { sitePaths } from '../src/slack/pages/site-links.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

const source = read('../manifest.json');
const manifest: unknown = JSON.parse(source);

/** The schema has formats and keywords of its own beside draft-07's: they are ignored, not refused. */
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const validate = ajv.compile(Object(JSON.parse(read('fixtures/manifest.schema.2.0.0.json'))));

describe('the Slack app’s manifest', () => {
  test('satisfies Slack’s schema', () => {
    validate(manifest);
    expect(validate.errors).toBeNull();
  });

  test('would fail with a misspelt key', () => {
    expect(validate({ ...Object(manifest), setings: {} })).toBe(false);
  });

  test('requests only one scope', () => {
    expect(manifest).toHaveProperty('oauth_config.scopes', { bot: ['incoming-webhook'] });
  });

  test('has a Home tab and no Messages tab', () => {
    expect(manifest).toHaveProperty('features.app_home.home_tab_enabled', true);
    expect(manifest).toHaveProperty('features.app_home.messages_tab_enabled', false);
  });

  test('is installed per workspace', () => {
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

describe('what the Marketplace shows', () => {
  const { app_directory: listing, display_information: display } = Object(manifest);

  test('leads to the pages that the app serves', () => {
    const url = 'https://perly-slack.example.com';
    expect(listing).toMatchObject({
      use_direct_install: true,
      direct_install_url: `${url}/slack/install`,
      installation_landing_page: `${url}${sitePaths.about}`,
      privacy_policy_url: `${url}${sitePaths.privacy}`,
      support_url: `${url}${sitePaths.support}`,
    });
  });

  test('has a short description of at most ten words, and a long one that says what is needed', () => {
    expect(display.description.split(' ').length).toBeLessThanOrEqual(10);
    expect(display.long_description.length).toBeGreaterThan(174);
    expect(display.long_description).toContain('A Perly account is required.');
  });
});

describe('npm run manifest', () => {
  test('puts an address in the place of the example, everywhere', () => {
    const text = toManifest(source, 'https://slack.pearl.example/', 'help@pearl.example');
    validate(JSON.parse(text));
    expect(validate.errors).toBeNull();
    expect(text).not.toMatch(/example\.com/);
    expect(text.match(/https:\/\/slack\.pearl\.example\/\w*/g)).toHaveLength(8);
    expect(JSON.parse(text)).toHaveProperty('app_directory.support_email', 'help@pearl.example');
  });

  test.each(['http://pearl.example', 'pearl.example', 'https://pearl.example/app', 'https://a@b.example'])(
    'refuses %s',
    (url) => expect(() => toManifest(source, url)).toThrow('is not an address like'),
  );

  test('made manifest.staging.json, which differs in its names and its address only', () => {
    const staging = read('../manifest.staging.json');
    expect(staging).toBe(toStagingManifest(source));
    validate(JSON.parse(staging));
    expect(validate.errors).toBeNull();
    expect(staging.match(/\(staging\)/g)).toHaveLength(2);
    expect(staging.match(/perly-slack-staging/g)).toHaveLength(8);
  });
});
