import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.ts';
import { BodyError } from './body-error.ts';
import { createGrowingBuffer } from './growing-buffer.ts';

/** @param limit in bytes @throws BodyError */
export type BodyReader = (req: IncomingMessage, limit: number) => Promise<Buffer>;

/** @param parts.deadlineMs timeout of a body; 1 MiB in the usual 20 s is 420 kbit/s */
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

/** Returns `undefined` for a chunked body. Node has already refused invalid numbers. */
function declaredLength(headers: IncomingHttpHeaders): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}
