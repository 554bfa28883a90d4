import { expect } from 'vitest';
import type { WebhookMessage } from '../../src/messages/webhook-message.ts';

/** The only places where an unescaped `<` may be. */
const ownTokens =
  /<https:\/\/app\.perly\.ai\/[^<>|\s]*(\|[^<>|]*)?>|<!date\^\d+\^\{date_short_pretty\} at \{time\}\|\d+ [A-Z][a-z]+ \d+, \d\d:\d\d UTC>/g;

/** Bidi controls, zero-width characters without a use, and other controls; line breaks are allowed. */
const hidden = /(?!\n)[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2066\u2067\uFEFF]/u;

/** All texts of a message. Those of rich text are literal: nothing in them is markup. */
function allStrings(part: unknown, isLiteral = false): { text: string; isLiteral: boolean }[] {
  if (typeof part === 'string') return [{ text: part, isLiteral }];
  if (typeof part !== 'object' || part === null) return [];
  const isRichText = isLiteral || ('type' in part && part.type === 'rich_text');
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'type' ? [] : allStrings(value, isRichText),
  );
}

/** Decodes percent-encoding as a browser does, so that two spellings of a URL are equal. */
export function percentDecoded(url: string): string {
  return url.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Fails for surrogate halves, hidden characters, and markup that is not ours. */
export function expectHarmlessText(message: WebhookMessage): void {
  for (const { text, isLiteral } of allStrings(message)) {
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toMatch(hidden);
    if (isLiteral || text.startsWith('https://')) continue;
    const rest = text.replace(ownTokens, '');
    expect(rest).not.toMatch(/[<>]/);
    expect(rest).not.toMatch(/&(?!amp;|lt;|gt;)/);
  }
}
