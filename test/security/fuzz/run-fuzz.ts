import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { Pool } from 'undici';
import { findLeaks } from '../../support/find-leaks.ts';
import type { TestApp } from '../../support/test-app.ts';
import type { FuzzInput } from './fuzz-input.ts';

/** How an answer was wrong, and to what. */
type Fault = { fault: string; input: FuzzInput; answer: string };

export type FuzzReport = {
  inputs: number;
  seconds: number;
  statuses: Record<string, number>;
  slowestMs: number;
  faults: Fault[];
};

/**
 * More than Slack's timeout of three seconds, after which Bolt gives up on what nobody took; less than a hang, on a
 * slow machine too.
 */
const maxAnswerMs = 30_000;

/** So many inputs are made and sent before the log is read; and so many requests are under way at once. */
const chunk = 2000;
const width = 64;

/** Errors that only a fault in the code brings about. What is read by a schema, or as JSON, may be refused by it. */
const faultNames = /"type":"(?:TypeError|RangeError|ReferenceError|MongoServerError|BSONError)"/;

/** The link for whoever sees a page, to go on from there: it works for nobody else. */
const ownLink = /\/slack\/link\?link=[\w.-]+/g;

/** A place in a file: what a stack is made of. */
const stack = /\bat (?:[\w.<>$ ]+ )?\(?(?:file:|node:|\/)[^\s)]*:\d+:\d+|node_modules/;

/**
 * Sends generated requests to the app over HTTP, and looks at each answer: no 5xx, no hang, nothing secret, no stack;
 * and at the log: nothing secret, and no error that only a fault of ours brings about.
 *
 * @param makeInputs makes the inputs of a chunk, for what has to be fresh
 * @param sign the headers by which a body is from whom it should be
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
    connections: width,
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
    await Promise.all(Array.from({ length: width }, work));
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

/** What the log says of the last inputs; it is emptied, or it would outgrow the memory. */
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

/** Each request comes from somewhere else, so that the limits of addresses do not end the test. */
function anyAddress(): string {
  return Array.from({ length: 4 }, () => randomInt(1, 255)).join('.');
}

/** The faults as one reads them: each kind once, with its input. */
export function describeFaults({ faults }: FuzzReport): string[] {
  return faults.map(({ fault, input, answer }) => {
    const body = input.body?.toString().slice(0, 2000);
    return `${fault}: ${answer.slice(0, 1500)}\n  to ${input.method} ${input.path} ${JSON.stringify(input.headers)} ${input.signed} signed\n  ${body}`;
  });
}
