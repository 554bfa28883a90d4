import { type Document, serialize } from 'bson';
import { CommandError } from '../command-error.ts';
import { readDocument } from '../values/read-fields.ts';
import { crc32c } from './crc32c.ts';

/** @see https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
const opCodes = { reply: 1, query: 2004, message: 2013 } as const;
const flags = { checksumPresent: 1, moreToCome: 2, required: 0xffff } as const;
const headerLength = 16;

/** The largest message, in bytes: what `hello` says. */
export const largestMessage = 48_000_000;

/** A client's command. */
export type Request = {
  requestId: number;
  /** The command, every value as its BSON type. */
  command: Document;
  /** Lists that came beside the command, each document in bytes. */
  sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  /** False for a write that nobody waits for. */
  answered: boolean;
  /** Came as an OP_QUERY, as a driver's first hello does. */
  legacy: boolean;
};

/**
 * The length of the message that begins with these bytes; `undefined` until enough of it is there.
 *
 * @throws CommandError when there can be no such message: the connection is lost then
 */
export function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readInt32LE(0);
  if (length < headerLength || length > largestMessage)
    throw new CommandError('InvalidBSON', `a message cannot have ${length} bytes`);
  return length;
}

/** The number of a message, to which an answer refers. */
export function requestIdOf(bytes: Buffer): number {
  return bytes.readInt32LE(4);
}

/** Whether bytes are a message that this store reads at all. */
export function isKnownMessage(bytes: Buffer): boolean {
  const opCode = bytes.readInt32LE(12);
  return opCode === opCodes.message || opCode === opCodes.query;
}

/** Reads one whole message. @throws Error when it is malformed */
export function readRequest(bytes: Buffer): Request {
  return bytes.readInt32LE(12) === opCodes.query ? readQuery(bytes) : readMessage(bytes);
}

function readMessage(bytes: Buffer): Request {
  const bits = bytes.readUInt32LE(headerLength);
  if ((bits & flags.required & ~(flags.checksumPresent | flags.moreToCome)) !== 0)
    throw new CommandError('InvalidBSON', `OP_MSG has unknown flags: ${bits}`);
  const hasChecksum = (bits & flags.checksumPresent) !== 0;
  const end = hasChecksum ? bytes.length - 4 : bytes.length;
  if (hasChecksum && crc32c(bytes.subarray(0, end)) !== bytes.readUInt32LE(end))
    throw new CommandError('InvalidBSON', 'OP_MSG checksum does not match contents');
  let command: Document | undefined;
  const sequences = new Map<string, Uint8Array[]>();
  let at = headerLength + 4;
  while (at < end) {
    const kind = bytes[at++];
    const size = bytes.readInt32LE(at);
    if (size < 5 || at + size > end) throw new CommandError('InvalidBSON', 'OP_MSG section is too long');
    const section = bytes.subarray(at, at + size);
    at += size;
    if (kind === 0 && command === undefined) command = readDocument(section);
    else if (kind === 1) readSequence(section, sequences);
    else throw new CommandError('InvalidBSON', `OP_MSG section of kind ${kind}`);
  }
  if (command === undefined) throw new CommandError('InvalidBSON', 'OP_MSG without a body');
  return {
    requestId: requestIdOf(bytes),
    command,
    sequences,
    answered: (bits & flags.moreToCome) === 0,
    legacy: false,
  };
}

function readSequence(section: Buffer, sequences: Map<string, Uint8Array[]>): void {
  const nameEnd = section.indexOf(0, 4);
  const documents: Uint8Array[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const size = section.readInt32LE(at);
    if (size < 5 || at + size > section.length || section[at + size - 1] !== 0)
      throw new CommandError('InvalidBSON', 'a document in OP_MSG is malformed');
    documents.push(section.subarray(at, at + size));
    at += size;
  }
  if (nameEnd < 0) throw new CommandError('InvalidBSON', 'an OP_MSG sequence without a name');
  sequences.set(section.toString('utf8', 4, nameEnd), documents);
}

function readQuery(bytes: Buffer): Request {
  const nameEnd = bytes.indexOf(0, headerLength + 4);
  if (nameEnd < 0) throw new CommandError('InvalidBSON', 'OP_QUERY without a name');
  const namespace = bytes.toString('utf8', headerLength + 4, nameEnd);
  const [database = '', collection] = namespace.split('.');
  if (collection !== '$cmd')
    throw new CommandError('CommandNotFound', 'OP_QUERY is for the first hello only');
  const start = nameEnd + 1 + 8;
  const command = readDocument(bytes.subarray(start, start + bytes.readInt32LE(start)));
  return {
    requestId: requestIdOf(bytes),
    command: { ...command, $db: database },
    sequences: new Map(),
    answered: true,
    legacy: true,
  };
}

/** The answer to a message: a document, or the bytes of one. */
export function writeAnswer(requestId: number, answer: Document | Uint8Array, legacy: boolean): Buffer {
  const body = answer instanceof Uint8Array ? answer : serialize(answer, { ignoreUndefined: true });
  const prefix = Buffer.alloc(legacy ? 20 : 5);
  if (legacy) prefix.writeInt32LE(1, 16);
  const header = Buffer.alloc(headerLength);
  header.writeInt32LE(headerLength + prefix.length + body.length, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(legacy ? opCodes.reply : opCodes.message, 12);
  return Buffer.concat([header, prefix, body]);
}
