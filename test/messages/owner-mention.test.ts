import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../sandbox/slack/checks/message.ts';
import { renderMessage } from '../../sandbox/slack/render/render-message.ts';
import type { PerlyEvent } from '../../src/domain/event.ts';
import type { AlertControls } from '../../src/messages/alert-controls.ts';
import { buildAlertMessage, rebuildAlertMessage } from '../../src/messages/alert-message.ts';
import { buildDigest } from '../../src/messages/digest.ts';
import { toPlainText } from '../../src/messages/plain-text.ts';
import { arbitraryEvent } from '../support/arbitrary-event.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { sampleEvent } from '../support/sample-events.ts';

const seed = sampleEvent('seed-example');
const ana = { id: 'own_ana', name: 'Ana *Sousa* <!channel>' };
const owned = (id: string, event = seed): PerlyEvent => ({
  ...event,
  id,
  customer: { ...event.customer, owner: ana },
});
const controlsFor = (ids: readonly string[], owner?: string) =>
  new Map(ids.map((id, index) => [id, { ref: `${index}`.padStart(16, 'r'), revision: 0, owner }]));

const linesOf = (message: Parameters<typeof renderMessage>[0]) =>
  renderMessage(message).flatMap(({ lines }) => lines);
const mentionsIn = (message: Parameters<typeof renderMessage>[0]) =>
  renderMessage(message).flatMap(({ mentions }) => mentions);

describe('the owner of a customer', () => {
  test('is a name, shown as it is, where nobody is to be mentioned', () => {
    const { message } = buildAlertMessage([owned('a')], controlsFor(['a']));
    expect(linesOf(message)).toContain('Owner: Ana *Sousa* <!channel>');
    expect(mentionsIn(message)).toEqual([]);
    expect(message.text).toBeUndefined();
  });

  test('is mentioned in the alert, and in the text of the message, which Slack notifies of', () => {
    const { message } = buildAlertMessage([owned('a')], controlsFor(['a'], 'U0ANA00001'));
    expect(checkMessage(structuredClone(message))).toMatchObject({ ok: true });
    expect(message.text).toBe('<@U0ANA00001>: Acme Corp — Health score dropped to 32 (-18)');
    expect(JSON.stringify(message.attachments)).toContain('Owner: <@U0ANA00001>');
    expect(JSON.stringify(message)).not.toContain('Sousa');
  });

  test('is mentioned by a reminder with the time that the alert was open, until somebody acknowledges it', () => {
    const reminder = { ref: 'r'.repeat(16), revision: 0, owner: 'U0ANA00001', openMs: 3_600_000 };
    const textOf = (controls: AlertControls) =>
      buildAlertMessage([owned('a')], new Map([['a', controls]])).message.text;
    const alert = 'Acme Corp — Health score dropped to 32 (-18)';
    expect(textOf(reminder)).toBe(`<@U0ANA00001>: ⏰ Still open for 1 hour: ${alert}`);
    const acknowledged = { by: 'U0DANA00001', at: new Date('2026-03-02T14:05:00Z') };
    expect(textOf({ ...reminder, acknowledged })).toBe(`<@U0ANA00001>: ${alert}`);
  });

  test('is mentioned without the name of a customer that mrkdwn would format', () => {
    const event = owned('a');
    const customer = { ...event.customer, name: '*Acme* <!channel>' };
    const { message } = buildAlertMessage([{ ...event, customer }], controlsFor(['a'], 'U0ANA00001'));
    expect(message.text).toBe('<@U0ANA00001>: Health score dropped to 32 (-18)');
    const literal = { ...event, customer: { ...customer, name: 'Acme & <!here>' } };
    expect(buildAlertMessage([literal], controlsFor(['a'], 'U0ANA00001')).message.text).toBe(
      '<@U0ANA00001>: Acme &amp; &lt;!here&gt; — Health score dropped to 32 (-18)',
    );
  });

  test.each([
    ['Booking.com', '<@U0ANA00001>: <URL|Booking.com> — Health score dropped to 32 (-18)'],
    [
      'acme.com & <!here>',
      '<@U0ANA00001>: <URL|acme.com &amp; &lt;!here&gt;> — Health score dropped to 32 (-18)',
    ],
    ['me@évil.example', '<@U0ANA00001>: <URL|me@évil.example> — Health score dropped to 32 (-18)'],
    ['שלום.example', '<@U0ANA00001>: \u2068<URL|שלום.example>\u2069 — Health score dropped to 32 (-18)'],
    ['1.5 Degrees', '<@U0ANA00001>: 1.5 Degrees — Health score dropped to 32 (-18)'],
    ['https://acme.com', '<@U0ANA00001>: Health score dropped to 32 (-18)'],
  ])('is mentioned with the name %j as it is, which links nowhere but to the customer', (name, text) => {
    const event = owned('a');
    const controls = controlsFor(['a'], 'U0ANA00001');
    const named = { ...event, customer: { ...event.customer, name } };
    const { message } = buildAlertMessage([named], controls);
    expect(message.text).toBe(text.replace('URL', event.customer.url));
    expect(checkMessage(structuredClone(message))).toMatchObject({ ok: true });
    for (const { links } of renderMessage(message))
      for (const { url } of links) expect(url).toBe(event.customer.url);
  });

  test('is mentioned without the name of a customer whose long address it would need', () => {
    const event = owned('a');
    const customer = {
      ...event.customer,
      name: 'Booking.com',
      url: `https://app.perly.ai/${'x'.repeat(1900)}`,
    };
    const { message } = buildAlertMessage([{ ...event, customer }], controlsFor(['a'], 'U0ANA00001'));
    expect(message.text).toBe('<@U0ANA00001>: Health score dropped to 32 (-18)');
  });

  test('is mentioned once in the text of a message with several alerts, and again after a click', () => {
    const events = [owned('a'), owned('b'), seed];
    const controls = controlsFor(['a', 'b'], 'U0ANA00001');
    for (const message of [
      buildAlertMessage(events, controls).message,
      rebuildAlertMessage(events, controls),
    ])
      expect(message.text).toBe('<@U0ANA00001>: 3 alerts');
  });

  test('is a name in digests and in plain text', () => {
    const events = [owned('a')];
    const controls = controlsFor(['a'], 'U0ANA00001');
    const digest = buildDigest({ events, controls, reason: 'quiet_hours' });
    expect(linesOf(digest).join('\n')).toContain('Owner: Ana *Sousa* <!channel>');
    for (const message of [digest, toPlainText(events).message]) expect(mentionsIn(message)).toEqual([]);
  });

  test('is left out of a posted message that has no room for the mention', () => {
    const refs = Array.from({ length: 20 }, (_, index) => `evt_${index}`);
    const eventsOf = (length: number) =>
      refs.map((id) =>
        owned(id, {
          ...seed,
          signals: ['s'.repeat(100)],
          customer: { ...seed.customer, url: `https://app.perly.ai/${'x'.repeat(length)}` },
        }),
      );
    const countOf = (length: number) => buildAlertMessage(eventsOf(length), controlsFor(refs)).included;
    let length = 0;
    while (countOf(length + 1) === countOf(0)) length += 1;
    const posted = eventsOf(length).slice(0, countOf(length));
    const longest = controlsFor(refs, 'W'.padEnd(31, '0'));
    expect(mentionsIn(rebuildAlertMessage(posted, longest))).toEqual([]);
    const shorter = posted.slice(0, -3);
    expect(mentionsIn(rebuildAlertMessage(shorter, longest)).length).toBeGreaterThan(shorter.length);
  });

  test('nobody and nothing else is ever mentioned, whatever the names and whoever the user', () => {
    const user = fc.oneof(
      fc.constantFrom('U0ANA00001', 'W012AB3CD', '!channel', '!here|x', 'U1> <!everyone', '!subteam^S1', ''),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const alert = fc.tuple(arbitraryEvent, fc.option(user, { nil: undefined }));
    fc.assert(
      fc.property(fc.array(alert, { minLength: 1, maxLength: 6 }), (alerts) => {
        const events = alerts.map(([event], index) => ({ ...event, id: `evt_${index}` }));
        const controls = new Map(
          alerts.map(([, owner], index) => [
            `evt_${index}`,
            { ref: `${index}`.padStart(16, 'r'), revision: 0, owner },
          ]),
        );
        const allowed = alerts.flatMap(([, owner = '']) =>
          /^[UW][A-Z0-9]{2,30}$/.test(owner) ? [owner] : [],
        );
        const { message } = buildAlertMessage(events, controls);
        expect(checkMessage(structuredClone(message))).toMatchObject({ ok: true });
        for (const mentioned of mentionsIn(message))
          expect(allowed.map((id) => `@${id}`)).toContain(mentioned);
        const digest = buildDigest({ events, controls, reason: 'broken' });
        expect(mentionsIn(digest)).toEqual([]);
      }),
      { numRuns: propertyRuns(40), interruptAfterTimeLimit: 20_000 },
    );
  });
});
