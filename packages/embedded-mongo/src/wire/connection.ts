import type { Socket } from 'node:net';
import type { Answer } from '../bson/write.ts';
import { CommandError } from '../command-error.ts';
import { refusal } from '../commands/dispatch.ts';
import {
  isKnownMessage,
  messageLength,
  type Request,
  readRequest,
  requestIdOf,
  writeAnswer,
} from './message.ts';

/** Answers each message before the next. An invalid message closes this connection only. */
export function serveConnection(socket: Socket, execute: (request: Request) => Promise<Answer>): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let busy = false;

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (!busy) next();
  });

  function next(): void {
    const message = socket.destroyed ? undefined : takeMessage();
    if (message === undefined) return;
    busy = true;
    // Backpressure for a client that sends faster than it is answered.
    socket.pause();
    answerTo(message).then(
      (answer) => {
        if (answer !== undefined && socket.writable) socket.write(answer);
        busy = false;
        socket.resume();
        next();
      },
      () => socket.destroy(),
    );
  }

  function takeMessage(): Buffer | undefined {
    try {
      const [first] = chunks;
      const length = messageLength(first !== undefined && first.length >= 4 ? first : joined());
      if (length === undefined || size < length) return undefined;
      const all = joined();
      const message = all.subarray(0, length);
      chunks = all.length > length ? [all.subarray(length)] : [];
      size -= length;
      if (isKnownMessage(message)) return message;
    } catch {
      // Falls through: nobody can tell where a next message would start.
    }
    socket.destroy();
    return undefined;
  }

  function joined(): Buffer {
    const [first] = chunks;
    const all = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    chunks = [all];
    return all;
  }

  async function answerTo(message: Buffer): Promise<Buffer | undefined> {
    const request = tryRead(message);
    if (request instanceof CommandError) return writeAnswer(requestIdOf(message), refusal(request), false);
    const answer = await execute(request);
    return request.isAnswered ? writeAnswer(request.requestId, answer, request.isLegacy) : undefined;
  }
}

function tryRead(message: Buffer): Request | CommandError {
  try {
    return readRequest(message);
  } catch (error) {
    return error instanceof CommandError
      ? error
      : new CommandError('InvalidBSON', `malformed message: ${String(error)}`);
  }
}
