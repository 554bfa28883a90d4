import type { RichTextBlock, RichTextLink, RichTextText, SectionBlock, TextObject } from '@slack/types';
import type { PerlyEvent } from '../../perly/event.ts';
import { customerName } from './alert-lines.ts';
import { escapeText, isLiteralInMrkdwn } from './escape-text.ts';
import { isolate, isolateEnd, isolateStart, isRightToLeft } from './isolate.ts';
import { limits } from './limits.ts';
import { link, linkUrl } from './link.ts';
import { mrkdwn, plainText } from './text-objects.ts';
import { headline } from './wording.ts';

/**
 * The name, bold and linked to the customer, and the headline. A name that mrkdwn would format, or that would reorder the
 * line, stands in rich text, which takes it literally: it can be copied and searched for as it is.
 *
 * @param room how long the name may be, measured as `sentLength`
 */
export function titleBlock(event: PerlyEvent, room: number): SectionBlock | RichTextBlock {
  const name = customerName(event, room);
  const isPlain = isLiteralInMrkdwn(name) && !isRightToLeft(name);
  return isPlain ? { type: 'section', text: titleText(event, room).text } : richTitle(event, name);
}

/**
 * The same as the text of a section, beside which a menu can stand. Where the name cannot stand in mrkdwn it is not
 * linked; the isolates of a name that runs from right to left stand outside the link, so that they are not copied.
 */
export function titleText(event: PerlyEvent, room: number): { text: TextObject; isLinked: boolean } {
  const name = customerName(event, room);
  const rest = ` — ${headline(event)}`;
  if (!isLiteralInMrkdwn(name)) return { text: plainText(`${isolate(name)}${rest}`), isLinked: false };
  const frame = isRightToLeft(name) ? [isolateStart, isolateEnd] : ['*', '*'];
  const linked = frame.join(link(linkUrl(event.customer.url), escapeText(name)));
  // Half an address leads nowhere: one that Slack cannot take is left out.
  const isLinked = linked.length + rest.length <= limits.sectionText;
  return { text: mrkdwn(`${isLinked ? linked : frame.join(escapeText(name))}${rest}`), isLinked };
}

function richTitle(event: PerlyEvent, name: string): RichTextBlock {
  const url = linkUrl(event.customer.url);
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
