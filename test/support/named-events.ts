import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import { renderLines } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { sampleEvent } from './sample-events.ts';

/** A health score drop; the name is one word that no other event contains. */
export function eventOf(name: string): PerlyEvent {
  const seed = sampleEvent('seed-example');
  return { ...seed, id: `evt_${name}`, customer: { ...seed.customer, id: `cus_${name}`, name } };
}

/** The names of the customers in the channel's messages, in order. */
export function customersIn(slack: LocalSlack, channel = '#customer-health'): string[] {
  return slack
    .messages(channel)
    .flatMap(({ payload }) => renderLines(payload))
    .flatMap((line) => /^(\w+) — /.exec(line)?.[1] ?? []);
}
