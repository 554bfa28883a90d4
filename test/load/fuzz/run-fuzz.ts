import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { Pool } from 'undici';
import { findLeaks } from '../../support/find-leaks.ts';
import type { TestApp } from '../../support/test-app.ts';
import type { FuzzInput } from './fuzz-input.ts';

type Fault = { fault: string; input: FuzzInput; answer: string };

export type FuzzReport = {
  inputs: number;
  seconds: number;
  statuses: Record<string, number>;
  slowestMs: number;
  faults: Fault[];
};

/**
 * More than the three seconds after which Bolt gives up on a request without a listener, even on a slow machine; an
 * answer that takes longer counts as a hang.
 */
const maxAnswerMs = 30_000;

/** Inputs that are sent before the log is read; and concurrent requests. */
const chunk = 2000;
const concurrency = 64;

/** Errors that only a bug causes. Schemas and JSON parsing may refuse input with others. */
const faultNames = /"type":"(?:TypeError|RangeError|ReferenceError|MongoServerError|BSONError)"/;

/** The link to continue on a page, which works for its viewer only. */
const ownLink = /\/slack\/link\?link=[\w.-]+/g;

/** A file position, as in a stack. */
const stack = /\bat (?:[\w.<>$ ]+ )?\(?(?:file:|node:|\/)[^\s)]*:\d+:\d+|node_modules/;

/**
 * Checks each answer (no 5xx, no hang, no secret, no stack) and the log (no secret, no error that only a bug causes).
 * @param makeInputs makes the inputs of a chunk, so that they can contain new links and tokens
 * @param sign returns the signature headers of a body
 */
export async function runFuzz(options: {
  app: TestApp;
  inputs: number;
  seed: number;
  makeInputs: () => Promise<fc.Arbitrary<FuzzInput>>;
  sign: (body: Buffer) => Record<string, string>;
}): Promise<FuzzReport> {
  const { app, inputs, seed } = options;
  const pool = new Pool(app.url, {
    connections: concurrency,
    headersTimeout: maxAnswerMs,
    bodyTimeout: maxAnswerMs,
  });
  const report: FuzzReport = { inputs: 0, seconds: 0, statuses: {}, slowestMs: 0, faults: [] };
  const startedAt = performance.now();

  async function send(input: FuzzInput): Promise<void> {
    const { method, path, headers, body } = input;
    const at = performance.now();
    try {
      const response = await pool.request({
        method,
        path,
        headers: { ...signature(input), ...headers, 'x-forwarded-for': anyAddress() },
        body: body ?? null,
      });
      const text = await response.body.text();
      report.statuses[response.statusCode] = (report.statuses[response.statusCode] ?? 0) + 1;
      const fault = faultOf(response.statusCode, text, app);
      if (fault !== undefined) report.faults.push({ fault, input, answer: `${response.statusCode} ${text}` });
    } catch (error) {
      report.faults.push({ fault: 'no answer', input, answer: String(error) });
    }
    report.slowestMs = Math.max(report.slowestMs, performance.now() - at);
  }

  function signature({ signed, body }: FuzzInput): Record<string, string> {
    if (signed === 'not') return {};
    return options.sign(signed === 'well' ? (body ?? Buffer.alloc(0)) : Buffer.from('something else'));
  }

  while (report.inputs < inputs && report.faults.length < 20) {
    const numRuns = Math.min(chunk, inputs - report.inputs);
    const waiting = fc.sample(await options.makeInputs(), { numRuns, seed: seed + report.inputs });
    const work = async () => {
      for (let input = waiting.pop(); input !== undefined; input = waiting.pop()) await send(input);
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    report.inputs += numRuns;
    report.faults.push(...readLog(app));
    app.slack.refusals.length = 0;
  }
  await pool.close();
  report.seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  return report;
}

function faultOf(status: number, text: string, app: TestApp): string | undefined {
  if (status >= 500) return 'a status of 5xx';
  if (stack.test(text)) return 'a stack';
  return findLeaks([text.replace(ownLink, '')], app.config, app.slack).length > 0 ? 'a secret' : undefined;
}

/** Reads the log since the last call and clears it, to limit memory. */
function readLog(app: TestApp): Fault[] {
  const lines = app.logs.splice(0);
  const input: FuzzInput = { method: '', path: '', headers: {}, body: undefined, signed: 'not' };
  return [
    ...findLeaks(lines, app.config, app.slack).map((answer) => ({
      fault: 'a secret in the log',
      input,
      answer,
    })),
    ...lines
      .filter((line) => faultNames.test(line))
      .map((answer) => ({ fault: 'a fault of ours in the log', input, answer })),
  ];
}

/** A new address for each request, so that rate limits do not end the test. */
function anyAddress(): string {
  return Array.from({ length: 4 }, () => randomInt(1, 255)).join('.');
}

/** One example of each kind of fault, with its input. */
export function describeFaults({ faults }: FuzzReport): string[] {
  return faults.map(({ fault, input, answer }) => {
    const body = input.body?.toString().slice(0, 2000);
    return `${fault}: ${answer.slice(0, 1500)}\n  to ${input.method} ${input.path} ${JSON.stringify(input.headers)} ${input.signed} signed\n  ${body}`;
  });
}
