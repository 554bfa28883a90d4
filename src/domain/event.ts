import { z } from 'zod';
import { findIdentifierFault, isIdentifier, isLonger, maxIdentifierLength } from '../lib/identifier.ts';
import { isOnOrigin } from '../lib/is-on-origin.ts';
import { toUtc } from './instant.ts';
import { type Owner, ownerIdSchema } from './owner.ts';
import { eventTypes, riskLevels } from './vocabulary.ts';

/** Lengths are in code points, or items of a list (docs/integration.md, "Post events"). */
export const displayLengths = {
  name: 300,
  summary: 300,
  suggestedAction: 300,
  signal: 200,
  signals: 20,
  label: 40,
  value: 120,
  details: 8,
} as const;

const hardLimitFactor = 10;

/** The length when percent-encoded. Slack accepts 3000 in a button; the difference is room for escaping. */
const maxUrlLength = 2000;

function identifier() {
  return z
    .string()
    .refine(isIdentifier, { error: ({ input }) => findIdentifierFault(String(input)) })
    .meta({ minLength: 1, maxLength: maxIdentifierLength });
}

/** Text is accepted up to its hard limit, and cut to `length` characters later. */
function text(length: number) {
  const maximum = length * hardLimitFactor;
  return z
    .string()
    .refine((value) => !isLonger(value, maximum), { error: `must be at most ${maximum} characters` })
    .meta({ maxLength: maximum, description: `Cut to ${length} characters.` });
}

function name() {
  const maxLength = displayLengths.name * hardLimitFactor;
  return text(displayLengths.name)
    .refine((value) => value.trim() !== '', { error: 'must not be blank' })
    .meta({ minLength: 1, maxLength, description: `Cut to ${displayLengths.name} characters.` });
}

function list<Item extends z.ZodType>(item: Item, length: number) {
  const maximum = length * hardLimitFactor;
  return z
    .array(item)
    .max(maximum, { error: `must have at most ${maximum} items` })
    .meta({ description: `The first ${length} are kept.` });
}

function customerUrl(perlyOrigin: string) {
  return z
    .string()
    .refine((value) => isOnOrigin(value, [perlyOrigin]), {
      error: `must be a URL on ${perlyOrigin}`,
      abort: true,
    })
    .refine((value) => new URL(value).href.length <= maxUrlLength, {
      error: `must be at most ${maxUrlLength} characters, percent-encoded`,
    });
}

/** @param perlyOrigin the origin of every `customer.url`, e.g. `https://app.perly.ai` */
export function eventSchema(perlyOrigin: string) {
  return z
    .object({
      id: identifier().meta({ description: 'Unique within the account: the idempotency key.' }),
      type: z.enum(eventTypes),
      account_id: identifier(),
      occurred_at: z
        .string()
        .refine((value) => toUtc(value) !== undefined, {
          error: 'must be an RFC 3339 time with an offset, like 2026-03-02T14:05:00Z',
        })
        .meta({ format: 'date-time' }),
      customer: z.object({
        id: identifier(),
        name: name(),
        url: customerUrl(perlyOrigin).meta({
          description: `The profile in Perly: https, on ${perlyOrigin}.`,
          format: 'uri',
        }),
        owner: z
          .object({ id: ownerIdSchema, name: text(displayLengths.name).nullish() })
          .nullish()
          .meta({
            description:
              'Who at the account looks after the customer. Without a name, the id is shown; so it is, with a warning, if the name has another form. An owner of another form is left out, with a warning.',
          }),
      }),
      risk_level: z.enum(riskLevels).nullish().meta({ description: 'Required for `customer_at_risk`.' }),
      health_score: z
        .object({ current: z.number().min(0).max(100), change: z.number().min(-100).max(100) })
        .nullish()
        .meta({ description: 'Required for `health_score_drop`, where `change` is below 0.' }),
      summary: text(displayLengths.summary).nullish(),
      signals: list(text(displayLengths.signal), displayLengths.signals).nullish(),
      suggested_action: text(displayLengths.suggestedAction).nullish(),
      details: list(
        z.object({ label: text(displayLengths.label), value: text(displayLengths.value) }),
        displayLengths.details,
      ).nullish(),
    })
    .superRefine((event, context) => {
      if (event.type === 'customer_at_risk' && event.risk_level == null)
        context.addIssue({
          code: 'custom',
          path: ['risk_level'],
          message: 'is required for customer_at_risk',
        });
      if (event.type !== 'health_score_drop') return;
      if (event.health_score == null)
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

export type PostedEvent = z.infer<ReturnType<typeof eventSchema>>;

export type PerlyEvent = Omit<WithoutNulls<PostedEvent>, 'customer'> & {
  customer: Omit<WithoutNulls<PostedEvent['customer']>, 'owner'> & { owner?: Owner | undefined };
  /** Present if something was cut: the SHA-256 of the content as posted, and the number of signals in it. */
  cut?: { content: string; signals: number };
};

export type WithoutNulls<T> = T extends (infer Item)[]
  ? WithoutNulls<Item>[]
  : T extends object
    ? { [Key in keyof T]: WithoutNulls<Exclude<T[Key], null>> }
    : T;
