import { expect, test } from 'vitest';
import { isOnOrigin } from '../../src/lib/is-on-origin.ts';

test.each([
  ['https://hooks.slack.com/services/T/B/x', true],
  ['https://hooks.slack.com:443/services/T/B/x', true],
  ['http://127.0.0.1:4000/services/T/B/x', true],
  ['HTTPS://HOOKS.slack.com', true],
  ['http://hooks.slack.com/services/T/B/x', false],
  ['https://hooks.slack.com:8443/services/T/B/x', false],
  ['https://hooks.slack.com.evil.example/services', false],
  ['https://hooks.slack.com@evil.example/services', false],
  ['https://a:b@hooks.slack.com/services', false],
  ['https://a@hooks.slack.com/services', false],
  ['https://:b@hooks.slack.com/services', false],
  ['blob:https://hooks.slack.com/services/T/B/x', false],
  ['blob:http://127.0.0.1:4000/x', false],
  ['filesystem:https://hooks.slack.com/x', false],
  ['file:///services', false],
  ['//hooks.slack.com/services', false],
  ['', false],
])('%s is on one of the origins: %s', (url, expected) => {
  expect(isOnOrigin(url, ['https://hooks.slack.com', 'http://127.0.0.1:4000'])).toBe(expected);
});
