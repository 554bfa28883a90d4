import type { RichTextBlock, RichTextLink, RichTextText, SectionBlock, TextObject } from '@slack/types';
import type { PerlyEvent } from '../domain/event.ts';
import { customerName } from './alert-lines.ts';
import { isolate, isolateEnd, isolateStart, isRightToLeft } from './block-kit/isolate.ts';
import { limits } from './block-kit/limits.ts';
import { encodeLinkUrl, escapeMrkdwn, isLiteralInMrkdwn, mrkdwnLink } from './block-kit/mrkdwn.ts';
import { mrkdwn, plainText } from './block-kit/objects.ts';
import { headline } from './labels.ts';

/**
 * The name, bold and linked to the customer, and the headline. A name that mrkdwn would format, or that would reorder the
 * line, stands in rich text, which takes it literally: it can be copied and searched for as it is.
 *
 * @param maxLength how long the name may be, measured as `sentLength`
 */
export function titleBlock(event: PerlyEvent, maxLength: number): SectionBlock | RichTextBlock {
  const name = customerName(event, maxLength);
  const isPlain = isLiteralInMrkdwn(name) && !isRightToLeft(name);
  return isPlain ? { type: 'section', text: titleText(event, maxLength).text } : richTitle(event, name);
}

/**
 * The same as the text of a section, beside which a menu can stand. Where the name cannot stand in mrkdwn it is not
 * linked; the isolates of a name that runs from right to left stand outside the link, so that they are not copied.
 */
export function titleText(event: PerlyEvent, maxLength: number): { text: TextObject; isLinked: boolean } {
  const name = customerName(event, maxLength);
  const rest = ` — ${headline(event)}`;
  if (!isLiteralInMrkdwn(name)) return { text: plainText(`${isolate(name)}${rest}`), isLinked: false };
  const frame = isRightToLeft(name) ? [isolateStart, isolateEnd] : ['*', '*'];
  const linked = frame.join(mrkdwnLink(encodeLinkUrl(event.customer.url), escapeMrkdwn(name)));
  // Half an address leads nowhere: one that Slack cannot take is left out.
  const isLinked = linked.length + rest.length <= limits.sectionText;
  return { text: mrkdwn(`${isLinked ? linked : frame.join(escapeMrkdwn(name))}${rest}`), isLinked };
}

function richTitle(event: PerlyEvent, name: string): RichTextBlock {
  const url = encodeLinkUrl(event.customer.url);
  const style = { bold: true };
  const shown: RichTextLink | RichTextText =
    url.length <= limits.url ? { type: 'link', url, text: name, style } : { type: 'text', text: name, style };
  const isApart = isRightToLeft(name);
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          ...(isApart ? [{ type: 'text' as const, text: isolateStart }] : []),
          shown,
          { type: 'text', text: `${isApart ? isolateEnd : ''} — ${headline(event)}` },
        ],
      },
    ],
  };
}
