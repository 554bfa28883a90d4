import { describe, expect, it } from 'vitest';
import type { ProblemKind } from '../../../src/slack/pages/problems.ts';
import { renderNotFound } from '../../../src/slack/pages/render-not-found.ts';
import { renderProblem } from '../../../src/slack/pages/render-problem.ts';
import { navigation, problemKinds } from './every-page.ts';
import { byName, parseHtml, textOf } from './parse-html.ts';

const statuses: Record<ProblemKind, number> = {
  consent_cancelled: 200,
  consent_not_given: 200,
  state_expired: 400,
  state_mismatch: 400,
  code_missing: 400,
  code_used: 400,
  perly_token_invalid: 403,
  link_not_yours: 403,
  other_workspace: 403,
  link_expired: 403,
  account_link_expired: 403,
  person_unknown: 403,
  nothing_waits: 409,
  link_took_too_long: 403,
  link_invalid: 403,
  link_used: 403,
  not_installed: 409,
  channel_managed: 403,
  move_source_gone: 409,
  move_target_connected: 409,
  slack_refused: 502,
  slack_unavailable: 502,
  channel_missing: 400,
  direct_message: 400,
  webhook_not_allowed: 502,
  channel_taken: 409,
  org_install_unsupported: 400,
  wrong_method: 405,
  not_opened: 403,
  too_many_requests: 429,
  database_unavailable: 503,
  unknown: 500,
};

describe.each(problemKinds)('the problem %s', (kind) => {
  const page = renderProblem({ kind }, navigation);
  const root = parseHtml(page.html);

  it('has its own status', () => {
    expect(page.status).toBe(statuses[kind]);
  });

  it('says what happened in a few sentences, and what to do next', () => {
    const [text = ''] = byName(root, 'p')
      .filter(({ attributes }) => attributes.class === 'lead')
      .map(textOf);
    expect(text).toMatch(/^[A-Z].{40,260}\.$/);
    const hrefs = byName(root, 'a').map(({ attributes }) => attributes.href);
    expect(hrefs).toContain(navigation.perlyUrl);
    expect([navigation.perlyUrl, navigation.installUrl, navigation.homeUrl]).toContain(hrefs[0]);
  });
});

it('has a unique headline', () => {
  const headings = problemKinds.map((kind) => {
    const root = parseHtml(renderProblem({ kind }, navigation).html);
    return byName(root, 'h1').map(textOf).join();
  });
  expect(new Set(headings).size).toBe(problemKinds.length);
});

it('is calm about a cancelled consent', () => {
  const { html } = renderProblem({ kind: 'consent_cancelled' }, navigation);
  const [main] = byName(parseHtml(html), 'main');
  expect(main && textOf(main)).toMatch(/^Cancelled Nothing was connected/);
  expect(html).not.toContain('class="status problem"');
});

describe("Slack's error code", () => {
  it.each(['invalid_client_id', 'bad_redirect_uri', 'x'.repeat(60)])('is shown: %s', (slackError) => {
    const root = parseHtml(renderProblem({ kind: 'slack_refused', slackError }, navigation).html);
    expect(byName(root, 'code').map(textOf)).toEqual([slackError]);
  });

  it.each(['', 'x'.repeat(61), 'Bad', 'a b', '<b>', 'xoxb-1', 'ok\n'])('is not shown: %j', (slackError) => {
    const root = parseHtml(renderProblem({ kind: 'slack_refused', slackError }, navigation).html);
    expect(byName(root, 'code')).toEqual([]);
  });
});

it('answers an unknown address with 404 and links onward', () => {
  const page = renderNotFound(navigation);
  expect(page.status).toBe(404);
  const [main] = byName(parseHtml(page.html), 'main');
  const hrefs = byName(main ?? parseHtml(page.html), 'a').map(({ attributes }) => attributes.href);
  expect(hrefs).toEqual([navigation.perlyUrl, navigation.installUrl]);
});
