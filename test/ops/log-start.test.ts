import { describe, expect, test, vi } from 'vitest';
import { logStart } from '../../src/ops/log-start.ts';

function start(change: { appUrl?: string; tz?: string | undefined; now?: string; defaults?: string[] }) {
  const { appUrl = 'https://slack.perly.ai', now = '2026-11-29', defaults = [] } = change;
  const logger = { info: vi.fn(), warn: vi.fn() };
  const versions = { node: '24.12.0', tz: 'tz' in change ? change.tz : '2026c' };
  logStart({ appUrl, publisher: { defaults } }, versions, new Date(now), logger);
  return logger;
}

test('the start names Node.js and its time zone data', () => {
  const { info, warn } = start({});
  expect(info).toHaveBeenCalledWith({ node: '24.12.0', timeZoneData: '2026c' }, 'starting');
  expect(warn).not.toHaveBeenCalled();
});

describe('time zone data', () => {
  test.each([
    ['2025b', '2026-07-02'],
    ['2024a', '2026-11-29'],
  ])('of %s are too old on %s', (tz, now) => {
    const { warn } = start({ tz, now });
    expect(warn).toHaveBeenCalledWith(
      { node: '24.12.0', timeZoneData: tz },
      expect.stringContaining('older than a year'),
    );
  });

  test.each([
    ['2025b', '2026-06-30'],
    ['2026a', '2026-11-29'],
    ['unknown', '2026-11-29'],
    [undefined, '2026-11-29'],
  ])('of %s are not on %s', (tz, now) => {
    expect(start({ tz, now }).warn).not.toHaveBeenCalled();
  });
});

describe('defaults on public pages', () => {
  const defaults = ['SUPPORT_EMAIL', 'PRIVACY_EMAIL'];

  test('are named where the app is public', () => {
    const { warn } = start({ defaults });
    expect(warn).toHaveBeenCalledWith(
      { settings: ['SUPPORT_EMAIL', 'PRIVACY_EMAIL'] },
      expect.stringContaining('public pages show defaults'),
    );
  });

  test('are not named while somebody tries the app', () => {
    expect(start({ defaults, appUrl: 'http://localhost:3000' }).warn).not.toHaveBeenCalled();
  });
});
