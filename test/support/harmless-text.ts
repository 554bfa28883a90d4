import { expect } from 'vitest';
import type { WebhookMessage } from '../../src/slack/messages/webhook-message.ts';

/** Our own links and dates: the only places where an unescaped `<` may stand. */
const ownTokens =
  /<https:\/\/app\.perly\.ai\/[^<>|\s]*(\|[^<>|]*)?>|<!date\^\d+\^\{date_short_pretty\} at \{time\}\|\d+ [A-Z][a-z]+ \d+, \d\d:\d\d UTC>/g;

/** Bidi controls, zero-width characters without a use, and controls; a line break only between lines of ours. */
const hidden = /(?!\n)[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/u;

function allStrings(message: WebhookMessage): string[] {
  const strings: string[] = [];
  JSON.stringify(message, (key, value: unknown) => {
    if (typeof value === 'string' && key !== 'type') strings.push(value);
    return value;
  });
  return strings;
}

/** An address as a browser reads it, so that two spellings of the same are equal. */
export function percentDecoded(url: string): string {
  return url.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Fails if any text of the message has half characters, something hidden, or markup that is not ours. */
export function expectHarmlessText(message: WebhookMessage): void {
  for (const text of allStrings(message)) {
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toMatch(hidden);
    if (text.startsWith('https://')) continue;
    const rest = text.replace(ownTokens, '');
    expect(rest).not.toMatch(/[<>]/);
    expect(rest).not.toMatch(/&(?!amp;|lt;|gt;)/);
  }
}
