import { z } from 'zod';
import { eventTypes, riskLevels } from '../rules/vocabulary.ts';

/**
 * How long a `customer.url` may be, percent-encoded; Slack takes 3000 in a button, and the rest is room for escaping.
 */
const maximumUrlLength = 2000;

/** A string of `minimum` to `maximum` characters (code points, as Perly's other languages count them). */
function text(minimum: number, maximum: number) {
  return z
    .string()
    .refine((value) => value.isWellFormed(), { error: 'has half of a surrogate pair', abort: true })
    .refine((value) => isOfLength(value, minimum, maximum), {
      error:
        minimum === 0
          ? `must be at most ${maximum} characters`
          : `must be ${minimum} to ${maximum} characters`,
    })
    .meta({ minLength: minimum, maxLength: maximum });
}

function isOfLength(value: string, minimum: number, maximum: number): boolean {
  if (value.length > maximum * 2) return false;
  const length = [...value].length;
  return length >= minimum && length <= maximum;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const controlCharacter = /[\u0000-\u001f\u007f]/;

/** An identifier: it becomes part of database keys, so no control characters. */
function identifier() {
  return text(1, 128)
    .refine((value) => !controlCharacter.test(value), { error: 'must not contain control characters' })
    .meta({ minLength: 1, maxLength: 128 });
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** `2026-03-02T14:05:00Z`; `Date` rejects what the pattern lets through (month 13, 25:00) but not 30 February. */
function isInstant(value: string): boolean {
  if (!rfc3339.test(value) || Number.isNaN(Date.parse(value.toUpperCase()))) return false;
  const [year, month, day] = value.slice(0, 10).split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

function customerUrl(perlyOrigin: string) {
  return z
    .string()
    .refine((value) => URL.canParse(value) && isOn(new URL(value), perlyOrigin), {
      error: `must be a URL on ${perlyOrigin}`,
      abort: true,
    })
    .refine((value) => new URL(value).href.length <= maximumUrlLength, {
      error: `must be at most ${maximumUrlLength} characters, percent-encoded`,
    });
}

function isOn(url: URL, origin: string): boolean {
  return url.origin === origin && url.username === '' && url.password === '';
}

/**
 * The schema of one event as Perly posts it (README.md, "Post events"). Unknown keys are dropped.
 *
 * @param perlyOrigin the origin that every `customer.url` must be on, e.g. `https://app.perly.ai`
 */
export function eventSchema(perlyOrigin: string) {
  return z
    .object({
      id: identifier().meta({ description: 'Unique within the account: the idempotency key.' }),
      type: z.enum(eventTypes),
      account_id: identifier(),
      occurred_at: z
        .string()
        .refine(isInstant, { error: 'must be an RFC 3339 time with an offset, like 2026-03-02T14:05:00Z' })
        .meta({ format: 'date-time' }),
      customer: z.object({
        id: identifier(),
        name: text(1, 300)
          .refine((value) => value.trim() !== '', { error: 'must not be blank' })
          .meta({ minLength: 1, maxLength: 300 }),
        url: customerUrl(perlyOrigin).meta({
          description: `The profile in Perly: https, on ${perlyOrigin}.`,
          format: 'uri',
        }),
      }),
      risk_level: z.enum(riskLevels).optional().meta({ description: 'Required for `customer_at_risk`.' }),
      health_score: z
        .object({ current: z.number().min(0).max(100), change: z.number().min(-100).max(100) })
        .optional()
        .meta({ description: 'Required for `health_score_drop`, where `change` is below 0.' }),
      summary: text(0, 300).optional(),
      signals: z.array(text(0, 200)).max(20).optional(),
      suggested_action: text(0, 300).optional(),
      details: z
        .array(z.object({ label: text(0, 40), value: text(0, 120) }))
        .max(8)
        .optional(),
    })
    .superRefine((event, context) => {
      if (event.type === 'customer_at_risk' && event.risk_level === undefined)
        context.addIssue({
          code: 'custom',
          path: ['risk_level'],
          message: 'is required for customer_at_risk',
        });
      if (event.type !== 'health_score_drop') return;
      if (event.health_score === undefined)
        context.addIssue({
          code: 'custom',
          path: ['health_score'],
          message: 'is required for health_score_drop',
        });
      else if (event.health_score.change >= 0)
        context.addIssue({
          code: 'custom',
          path: ['health_score', 'change'],
          message: 'must be below 0 for health_score_drop',
        });
    });
}

/** One event: something happened to one of an account's customers. */
export type PerlyEvent = z.infer<ReturnType<typeof eventSchema>>;
