import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.ts';
import { BodyError } from './body-error.ts';
import { createGrowingBuffer } from './growing-buffer.ts';

/** Reads the whole body of a request. @param limit bytes @throws BodyError */
export type BodyReader = (req: IncomingMessage, limit: number) => Promise<Buffer>;

/**
 * Reads bodies within a shared budget. One whose declared length is over its limit is refused before any of it is read.
 *
 * @param parts.addressOf whose share of the budget a request takes
 * @param parts.deadlineMs how long a body may take to arrive; 1 MiB in the usual 20 s takes 420 kbit/s
 */
export function createBodyReader(parts: {
  budget: BodyBudget;
  addressOf: (req: IncomingMessage) => string;
  deadlineMs?: number;
}): BodyReader {
  const { budget, addressOf, deadlineMs = 20_000 } = parts;

  return (req, limit) =>
    new Promise((resolve, reject) => {
      const expected = declaredLength(req.headers);
      if (expected !== undefined && expected > limit) return reject(new BodyError('too_large'));
      const allocation = budget.open(addressOf(req), () => fail('evicted'));
      const buffer = createGrowingBuffer(expected ?? limit, allocation.resize);
      const deadline = setTimeout(() => fail('too_slow'), deadlineMs);

      function end(): void {
        clearTimeout(deadline);
        allocation.release();
        req.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      }
      function fail(reason: BodyError['reason']): void {
        end();
        buffer.clear();
        reject(new BodyError(reason));
      }
      function onData(chunk: Buffer): void {
        if (buffer.length() + chunk.length > limit) fail('too_large');
        else buffer.append(chunk);
      }
      function onEnd(): void {
        const body = buffer.read();
        end();
        resolve(body);
      }
      function onClose(): void {
        fail('aborted');
      }
      req.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
    });
}

/** `undefined` for a body that comes in chunks. Node has refused what is no number. */
function declaredLength(headers: IncomingHttpHeaders): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}
