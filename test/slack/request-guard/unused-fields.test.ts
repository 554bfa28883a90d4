import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signatureHeaders } from '../../../sandbox/slack/signing.ts';
import { type DocumentedPayload, documentedPayloads } from '../../support/slack-payloads.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ env: { SLACK_WEBHOOK_ORIGINS: 'https://hooks.slack.com' } });
});
afterAll(() => running.close());

function post({ isForm }: DocumentedPayload, payload: unknown): Promise<Response> {
  const json = JSON.stringify(payload);
  const body = isForm ? new URLSearchParams({ payload: json }).toString() : json;
  return fetch(`${running.url}/slack/events`, {
    method: 'POST',
    headers: {
      ...signatureHeaders(running.slack.signingSecret, body, Date.now()),
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    },
    body,
  });
}

/** Every path in an object, such as `actions.0.text`. */
function pathsOf(value: unknown, above = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = above === '' ? key : `${above}.${key}`;
    return [path, ...pathsOf(inner, path)];
  });
}

/** A copy with another value at a path; `undefined` removes the value. */
function withValue(value: unknown, path: readonly string[], change: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as Record<string, unknown>) };
  const changed = withValue(Reflect.get(copy, key), rest, change);
  if (changed === undefined && !Array.isArray(copy)) Reflect.deleteProperty(copy, key);
  else Reflect.set(copy, key, changed);
  return copy;
}

const changes = [undefined, null, 7, 'text', true, [], {}, [null], { id: 1 }];

const cases = documentedPayloads.flatMap((documented) =>
  pathsOf(documented.payload)
    .filter((path) => !documented.used.includes(path))
    .map((path) => ({ documented, path })),
);

describe('what Slack documents is answered with 200', () => {
  test.each(documentedPayloads)('$name, unchanged', async (documented) => {
    expect((await post(documented, documented.payload)).status).toBe(200);
  });

  test('with any unused field removed, null, or of another type', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...cases),
        fc.constantFrom(...changes),
        async ({ documented, path }, change) => {
          const answer = await post(documented, withValue(documented.payload, path.split('.'), change));
          expect({ name: documented.name, path, change, status: answer.status }).toMatchObject({
            status: 200,
          });
        },
      ),
      { numRuns: 300 },
    );
    const errors = running.logs.filter((line) => /"level":"(?:error|fatal)"/.test(line));
    expect(errors).toEqual([]);
  });

  test('with an unknown field', async () => {
    for (const documented of documentedPayloads)
      expect((await post(documented, { ...documented.payload, new_field: { deep: [1] } })).status).toBe(200);
  });
});
