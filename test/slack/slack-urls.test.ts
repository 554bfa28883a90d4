import { expect, test } from 'vitest';
import { createSlackUrls } from '../../src/slack/slack-urls.ts';

const { toOwnPage } = createSlackUrls('https://slack.com/oauth/v2/authorize');

test.each([
  ['https://acme.slack.com/services/B1', 'https://acme.slack.com/services/B1'],
  ['https://slack.com/services/B1', 'https://slack.com/services/B1'],
  [' https://acme.slack.com/ser\nvices/B1\t', 'https://acme.slack.com/services/B1'],
  ['https:\\\\acme.slack.com\\<b>|"', 'https://acme.slack.com/%3Cb%3E|%22'],
  ['https://acme.slack.com:8443/services/B1', undefined],
  ['http://acme.slack.com/services/B1', undefined],
  ['https://ada@acme.slack.com/services/B1', undefined],
  ['https://slack.com.example/services/B1', undefined],
  ['not an address', undefined],
  [undefined, undefined],
])('only a page of Slack’s own is returned, normalised as browsers do: %j', (url, page) => {
  expect(toOwnPage(url)).toBe(page);
});
