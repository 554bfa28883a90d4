import fc from 'fast-check';
import { eventSchema, type PerlyEvent } from '../../src/domain/event.ts';
import { eventTypes, riskLevels } from '../../src/domain/vocabulary.ts';
import { readEvent } from '../../src/perly/read-event.ts';
import { anyText } from './any-text.ts';

/** Text that has broken a message before. */
const nasty = [
  '<!channel>',
  '<!here|here>',
  '<@U012AB3CD>',
  '<#C024BE7LR>',
  '<!date^1^{date}|x>',
  '<https://evil.example|click>',
  'https://evil.example/a?b=c&d',
  'www.evil.example',
  'mail@evil.example',
  '@channel',
  '*bold*',
  '_it_',
  '~no~',
  '`x`',
  '```',
  ':rocket:',
  '> quote',
  '&gt; quote',
  '&amp;',
  '&',
  '<',
  '>',
  '|',
  '\n',
  '\r\n',
  '\u2028',
  '\u0085',
  '\t',
  '\u0000',
  '\u202E',
  '\u2066',
  '\u200F',
  '\u200B',
  '\uFEFF',
  '\u00AD',
  '🚀',
  '👩‍👩‍👧‍👦',
  '🇸🇪',
  'e\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
  'שלום',
  '\uFFFF',
  'word ',
  ' ',
  '…',
  'Signals: ',
];

/** Of a length in code points, often right at the maximum. */
function text(minimum: number, maximum: number): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { arbitrary: fc.constantFrom(...nasty), weight: 4 },
    { arbitrary: anyText(12), weight: 1 },
    { arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }), weight: 1 },
  );
  const mixed = fc.array(piece, { maxLength: 60, size: 'max' }).map((pieces) => pieces.join(''));
  const uniform = fc.constantFrom('&', '🚀', 'a', '<', '\u0301', 'é').map((unit) => unit.repeat(maximum));
  return fc
    .oneof({ arbitrary: mixed, weight: 4 }, { arbitrary: uniform, weight: 1 })
    .map((value) => [...value.toWellFormed()].slice(0, maximum).join(''))
    .filter((value) => [...value].length >= minimum);
}

const identifier = text(1, 128)
  .map((value) => value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ''))
  .filter((value) => !['', '.', '..'].includes(value));

const ownerId = identifier.map((value) => [...value].slice(0, 30).join(''));

/** On Perly's origin, up to 2000 characters. */
const url = text(0, 2000).map((path) => `https://app.perly.ai/${path}`.slice(0, 2000));

const score = fc.record({
  current: fc.double({ min: 0, max: 100, noNaN: true }),
  change: fc.double({ min: -100, max: 100, noNaN: true }),
});

const time = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

const schema = eventSchema('https://app.perly.ai');

/** Any valid event, chosen to strain a message. */
export const arbitraryEvent: fc.Arbitrary<PerlyEvent> = fc
  .record(
    {
      id: identifier,
      type: fc.constantFrom(...eventTypes),
      account_id: identifier,
      occurred_at: time,
      customer: fc.record(
        { id: identifier, name: text(1, 300), url, owner: fc.record({ id: ownerId, name: text(0, 300) }) },
        { requiredKeys: ['id', 'name', 'url'] },
      ),
      risk_level: fc.constantFrom(...riskLevels),
      health_score: score,
      summary: text(0, 300),
      signals: fc.array(text(0, 200), { maxLength: 20, size: 'max' }),
      suggested_action: text(0, 300),
      details: fc.array(fc.record({ label: text(0, 40), value: text(0, 120) }), {
        maxLength: 8,
        size: 'max',
      }),
    },
    { requiredKeys: ['id', 'type', 'account_id', 'occurred_at', 'customer'] },
  )
  .map((event) => schema.safeParse(event))
  .filter((parsed) => parsed.success)
  .map(({ data }) => readEvent(data).event);
