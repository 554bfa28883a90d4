import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const megabyte = 1024 * 1024;

export type BeginOptions = {
  headers?: object;
  /** The declared length of the body. Bytes. */
  length?: number;
  /** The part of the body that is sent: a text, or a number of bytes. */
  sent?: number | string;
};

/** Sends the headers and the beginning of the body, and nothing more. */
export async function beginRequest(
  url: string,
  path: string,
  { headers = {}, length = megabyte, sent = 0 }: BeginOptions,
): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), 'localhost');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const all = { host: 'x', 'content-type': 'application/json', 'content-length': length, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  socket.write(typeof sent === 'number' ? 'x'.repeat(sent) : sent);
  return socket;
}

/** The status of an answer after which the connection ends. */
export async function statusOf(socket: Socket): Promise<number> {
  const [data] = await once(socket, 'data');
  socket.destroy();
  return Number(String(data).slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
}
