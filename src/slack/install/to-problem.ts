import { AuthorizationError, InvalidStateError, MissingCodeError, MissingStateError } from '@slack/oauth';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { PerlyTokenError } from '../../lib/perly-token.ts';
import { routeTemplateOf } from '../../lib/route-template.ts';
import { ConnectError } from '../../store/channels/connect-guard.ts';
import { isDatabaseAway } from '../../store/database.ts';
import { renderNotFound } from '../pages/render-not-found.ts';
import { type NavigationLinks, type PageProblem, renderProblem } from '../pages/render-problem.ts';
import { sendPage } from '../pages/send-page.ts';
import { PageError } from './page-error.ts';

const problemsByCode: Record<(ConnectError | PageError | PerlyTokenError)['code'], PageProblem> = {
  state_expired: { kind: 'state_expired' },
  state_forged: { kind: 'state_mismatch' },
  state_used: { kind: 'code_used' },
  token_invalid: { kind: 'perly_token_invalid' },
  account_deleted: { kind: 'perly_token_invalid' },
  token_used: { kind: 'perly_token_invalid' },
  link_expired: { kind: 'link_expired' },
  link_forged: { kind: 'link_expired' },
  account_link_expired: { kind: 'account_link_expired' },
  account_link_forged: { kind: 'account_link_expired' },
  person_unknown: { kind: 'person_unknown' },
  nothing_waits: { kind: 'nothing_waits' },
  link_state_expired: { kind: 'link_took_too_long' },
  link_token_invalid: { kind: 'link_invalid' },
  link_used: { kind: 'link_used' },
  not_installed: { kind: 'not_installed' },
  other_workspace: { kind: 'other_workspace' },
  other_user: { kind: 'link_not_yours' },
  channel_managed: { kind: 'channel_managed' },
  move_source_gone: { kind: 'move_source_gone' },
  move_target_connected: { kind: 'move_target_connected' },
  org_install_unsupported: { kind: 'org_install_unsupported' },
  direct_message_picked: { kind: 'direct_message' },
  no_channel_picked: { kind: 'channel_missing' },
  webhook_origin_not_allowed: { kind: 'webhook_not_allowed' },
  channel_serves_another_account: { kind: 'channel_taken' },
};

const codeErrors = new Set(['invalid_code', 'code_already_used', 'code_expired']);

/** People cause these: no consent, an old link, a second tab. */
const userErrors = new Set<PageProblem['kind']>([
  'consent_cancelled',
  'consent_not_given',
  'state_expired',
  'state_mismatch',
  'code_missing',
  'code_used',
  'perly_token_invalid',
  'link_expired',
  'account_link_expired',
  'person_unknown',
  'nothing_waits',
  'link_took_too_long',
  'link_invalid',
  'link_used',
  'not_installed',
  'other_workspace',
  'link_not_yours',
  'channel_managed',
  'move_source_gone',
  'move_target_connected',
  'org_install_unsupported',
  'channel_missing',
  'direct_message',
  'channel_taken',
]);

export function isUserError(error: unknown): boolean {
  return userErrors.has(toPageProblem(error).kind);
}

/** The page shows no error's text. @param callbackUrl where Slack sent the browser */
export function toPageProblem(error: unknown, callbackUrl = ''): PageProblem {
  if (isDatabaseAway(error)) return { kind: 'database_unavailable' };
  if (error instanceof ConnectError || error instanceof PageError || error instanceof PerlyTokenError)
    return problemsByCode[error.code];
  if (error instanceof AuthorizationError)
    // Slack describes a person's refusal (slackapi/bolt-python#1454), but not that an administrator has to approve
    // the app.
    return { kind: /[?&]error_description=/.test(callbackUrl) ? 'consent_cancelled' : 'consent_not_given' };
  if (error instanceof InvalidStateError || error instanceof MissingStateError)
    return { kind: 'state_mismatch' };
  if (error instanceof MissingCodeError) return { kind: 'code_missing' };
  if (error instanceof WebAPIPlatformError) {
    const slackError = error.data.error;
    return codeErrors.has(slackError) ? { kind: 'code_used' } : { kind: 'slack_refused', slackError };
  }
  if (
    error instanceof WebAPIRequestError ||
    error instanceof WebAPIHTTPError ||
    error instanceof WebAPIRateLimitedError
  )
    return { kind: 'slack_unavailable' };
  return { kind: 'unknown' };
}

export function unknownPage(navigation: NavigationLinks): RequestHandler {
  return (_req, res) => sendPage(res, renderNotFound(navigation));
}

export function pagesErrorHandler(
  logger: Logger,
  findNavigation: () => Promise<NavigationLinks>,
): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const page = renderProblem(toPageProblem(error), await findNavigation());
    if (page.status >= 500)
      logger.error(
        { err: error, requestId: res.get('x-request-id'), method: req.method, route: routeTemplateOf(req) },
        'a page failed',
      );
    sendPage(res, page);
  };
}
