import { AppError } from '../../lib/errors.ts';
import { PerlyTokenError } from '../../lib/perly-token.ts';
import { TokenError } from '../../lib/signed-tokens.ts';

export type PageErrorCode =
  | 'account_link_expired'
  | 'account_link_forged'
  | 'direct_message_picked'
  | 'link_expired'
  | 'link_forged'
  | 'link_state_expired'
  | 'link_token_invalid'
  | 'link_used'
  | 'no_channel_picked'
  | 'nothing_waits'
  | 'org_install_unsupported'
  | 'other_user'
  | 'other_workspace'
  | 'person_unknown'
  | 'state_expired'
  | 'state_forged'
  | 'state_used'
  | 'webhook_origin_not_allowed';

export class PageError extends AppError<PageErrorCode> {}

/** @throws PageError, or the error itself when it is not about a token */
export function toPageError(
  codes: Record<TokenError['code'], PageErrorCode> & Partial<Record<PerlyTokenError['code'], PageErrorCode>>,
  message: string,
) {
  return (cause: unknown): never => {
    const isOfToken = cause instanceof TokenError || cause instanceof PerlyTokenError;
    const code = isOfToken ? codes[cause.code] : undefined;
    throw code === undefined ? cause : new PageError(code, message, { cause });
  };
}
