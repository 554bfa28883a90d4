import { decodeEntities } from './decode-entities.ts';
import type { MrkdwnNode } from './parse-mrkdwn.ts';

/**
 * The content of `<…>` (https://docs.slack.dev/messaging/formatting-message-text#advanced).
 * @param parseLabel of a link
 */
export function parseToken(token: string, parseLabel: (label: string) => MrkdwnNode[]): MrkdwnNode {
  const bar = token.indexOf('|');
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? undefined : token.slice(bar + 1);
  if (target.startsWith('@')) return { type: 'user', id: target.slice(1) };
  if (target.startsWith('#')) return { type: 'channel', id: target.slice(1) };
  if (target.startsWith('!date^')) return toDate(target, label);
  if (target.startsWith('!')) return { type: 'broadcast', range: label ?? target.slice(1) };
  const url = decodeEntities(target);
  return {
    type: 'link',
    url,
    children: label === undefined ? [{ type: 'text', text: url }] : parseLabel(label),
  };
}

function toDate(target: string, fallback = ''): MrkdwnNode {
  const [, seconds, format = '', url] = target.split('^');
  const timestamp = Number(seconds) * 1000;
  if (!Number.isFinite(timestamp)) return { type: 'text', text: decodeEntities(fallback) };
  return { type: 'date', timestamp, format: decodeEntities(format), fallback: decodeEntities(fallback), url };
}
