import fc from 'fast-check';
import { actionIds } from '../../../src/slack/views/action-ids.ts';
import { type FuzzInput, requestsTo } from './fuzz-input.ts';
import { mangled, mutated, nastyKeys, toText } from './mutations.ts';
import type { Recorded } from './record-payloads.ts';

type Payload = Record<string, unknown> & {
  actions?: Record<string, unknown>[];
  view?: Record<string, unknown>;
};

/** Ids with a listener. Bolt waits three seconds for all others, so those are rare. */
const known = [
  ...Object.values(actionIds),
  'rules_preset_everything',
  'acknowledge',
  'undo_acknowledge',
  'mute_customer',
  'alert_menu',
  'activity_outcome',
  'activity_customer',
  'activity_older',
];
const callbacks = ['rules', 'pause', 'managers', 'disconnect'];
const metadata = [
  '',
  '{',
  'null',
  '[]',
  '{"channelId":{"$gt":""}}',
  '{"__proto__":{"x":1}}',
  'x'.repeat(3000),
];
const blockIds = ['', 'channel ', 'channel T0ACMECS001:C0HEALTH001', `${'a'.repeat(16)}.00`, 'x'.repeat(255)];

type Twist = { action: string; callback: string; metadata: string; block: string; how: number };

const twist: fc.Arbitrary<Twist> = fc.record({
  action: fc.oneof(
    { arbitrary: fc.constantFrom(...known), weight: 300 },
    { arbitrary: fc.constantFrom(...nastyKeys), weight: 1 },
  ),
  callback: fc.constantFrom(...callbacks),
  metadata: fc.constantFrom(...metadata),
  block: fc.constantFrom(...blockIds),
  how: fc.nat({ max: 9 }),
});

/** The same payload for another listener, or with other ids of ours. */
function twisted(payload: Payload, { action, callback, metadata, block, how }: Twist): Payload {
  const { actions, view } = payload;
  if (how < 3 && actions !== undefined)
    return { ...payload, actions: [{ ...actions[0], action_id: action }] };
  if (how === 3 && actions !== undefined)
    return { ...payload, actions: [{ ...actions[0], block_id: block }] };
  if (how === 4 && view !== undefined) return { ...payload, view: { ...view, private_metadata: metadata } };
  if (how === 5 && view !== undefined) return { ...payload, view: { ...view, callback_id: callback } };
  if (how === 6) return { ...payload, team: { id: 'T0OTHER0001' } };
  return payload;
}

/**
 * Everything that Slack sent while people used the app, signed again, unchanged and mutated.
 * @param responseUrl makes a new one for each input, since each works five times only
 */
export function interactionInputs(
  recorded: readonly Recorded[],
  responseUrl: string,
): fc.Arbitrary<FuzzInput> {
  const requests = [true, false].map((isForm) => {
    const payloads = recorded
      .filter(({ type }) => type.includes('form') === isForm)
      .map(({ payload }) => {
        const known = payload as Payload;
        return 'response_url' in known ? { ...known, response_url: responseUrl } : known;
      });
    const payload = mutated(
      fc.tuple(fc.constantFrom(...payloads), twist).map(([one, how]) => twisted(one, how)),
    );
    const json = payload.map(toText);
    const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
    const text = isForm ? json.map((value) => new URLSearchParams({ payload: value }).toString()) : json;
    const route = { method: 'POST', path: '/slack/events', headers: { 'content-type': type } };
    return { arbitrary: requestsTo(route, mangled(text)), weight: isForm ? 4 : 1 };
  });
  return fc.oneof(...requests);
}
