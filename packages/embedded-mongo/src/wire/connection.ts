import type { Socket } from 'node:net';
import type { Answer } from '../bson/write.ts';
import { CommandError } from '../command-error.ts';
import { refusal } from '../commands/dispatch.ts';
import { messageLength, type Request, readRequest, requestIdOf, writeAnswer } from './message.ts';

type Executor = { execute(request: Request): Promise<Answer> };

/**
 * Serves one client: reads its messages one after the other and answers each before the next, so that a client that
 * sends faster has to wait. An invalid message closes this connection only.
 */
export async function serveConnection(socket: Socket, executor: Executor): Promise<void> {
  socket.on('error', () => socket.destroy());
  try {
    for await (const message of messagesOf(socket)) {
      const answer = await answerTo(message, executor);
      if (answer !== undefined && socket.writable) socket.write(answer);
    }
  } catch {
    // The connection broke, or it is unknown where the next message would start.
  }
  socket.destroy();
}

async function* messagesOf(socket: Socket): AsyncGenerator<Buffer, void> {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size < wanted) continue;
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    for (wanted = messageLength(rest); rest.length >= wanted; wanted = messageLength(rest)) {
      yield rest.subarray(0, wanted);
      rest = rest.subarray(wanted);
    }
    chunks = [rest];
    size = rest.length;
  }
}

async function answerTo(message: Buffer, executor: Executor): Promise<Buffer | undefined> {
  const request = tryRead(message);
  if (request instanceof CommandError) return writeAnswer(requestIdOf(message), refusal(request), false);
  const answer = await executor.execute(request);
  return request.isAnswered ? writeAnswer(request.requestId, answer, request.isLegacy) : undefined;
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
