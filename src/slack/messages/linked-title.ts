import type { PerlyEvent } from '../../perly/event.ts';
import { customerName } from './alert-lines.ts';
import { escapeText, neutralise } from './escape-text.ts';
import { limits } from './limits.ts';
import { link, linkUrl } from './link.ts';
import { headline } from './wording.ts';

/**
 * The name, bold and linked to the customer, and the headline, as mrkdwn.
 *
 * @param room how long the name may be, measured as `sentLength`
 */
export function linkedTitle(event: PerlyEvent, room: number): string {
  const name = escapeText(neutralise(customerName(event, room)));
  const rest = ` — ${headline(event)}`;
  const linked = `*${link(linkUrl(event.customer.url), name)}*${rest}`;
  // Half an address leads nowhere: one that Slack cannot take is left out.
  return linked.length <= limits.sectionText ? linked : `*${name}*${rest}`;
}
