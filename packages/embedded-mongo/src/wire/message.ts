import { readDocument } from '../bson/read.ts';
import type { Document } from '../bson/value.ts';
import { type Answer, writeDocument } from '../bson/write.ts';
import { CommandError } from '../command-error.ts';

/** @see https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
const opCodes = { reply: 1, query: 2004, message: 2013 } as const;
const moreToCome = 2;
/** Checksums (1) are not supported: no driver sends one. */
const requiredFlags = 0xffff;
const headerLength = 16;

/** The same as `hello` says. */
export const maxMessageBytes = 48_000_000;

export type Request = {
  requestId: number;
  command: Document;
  /** Lists that were sent beside the command, each document as bytes. */
  sequences: ReadonlyMap<string, readonly Buffer[]>;
  /** False for an unacknowledged write. */
  isAnswered: boolean;
  /** Sent as an OP_QUERY, as a driver's first hello is. */
  isLegacy: boolean;
};

/** Returns the header's length until the header has arrived. @throws Error if there can be no such message */
export function messageLength(bytes: Buffer): number {
  if (bytes.length < headerLength) return headerLength;
  const [length, opCode] = [bytes.readInt32LE(0), bytes.readInt32LE(12)];
  const isKnown = opCode === opCodes.message || opCode === opCodes.query;
  if (!isKnown || length < headerLength || length > maxMessageBytes) throw new RangeError('not a message');
  return length;
}

/** The answer to a message refers to this id. */
export function requestIdOf(bytes: Buffer): number {
  return bytes.readInt32LE(4);
}

/** @throws Error if the message is malformed */
export function readRequest(bytes: Buffer): Request {
  return bytes.readInt32LE(12) === opCodes.query ? readQuery(bytes) : readMessage(bytes);
}

function readMessage(bytes: Buffer): Request {
  const flags = bytes.readUInt32LE(headerLength);
  if ((flags & requiredFlags & ~moreToCome) !== 0)
    throw new CommandError('InvalidBSON', `embedded-mongo does not support the OP_MSG flags ${flags}`);
  let command: Document | undefined;
  const sequences = new Map<string, Buffer[]>();
  let at = headerLength + 4;
  while (at < bytes.length) {
    const kind = bytes[at++];
    const size = bytes.readInt32LE(at);
    if (size < 5 || at + size > bytes.length)
      throw new CommandError('InvalidBSON', 'OP_MSG section is too long');
    const section = bytes.subarray(at, at + size);
    at += size;
    if (kind === 0 && command === undefined) command = readDocument(section);
    else if (kind === 1) readSequence(section, sequences);
    else throw new CommandError('InvalidBSON', `OP_MSG section of kind ${kind}`);
  }
  if (command === undefined) throw new CommandError('InvalidBSON', 'OP_MSG without a body');
  const isAnswered = (flags & moreToCome) === 0;
  return { requestId: requestIdOf(bytes), command, sequences, isAnswered, isLegacy: false };
}

function readSequence(section: Buffer, sequences: Map<string, Buffer[]>): void {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new CommandError('InvalidBSON', 'an OP_MSG sequence without a name');
  const documents: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const size = section.readInt32LE(at);
    if (size < 5 || at + size > section.length)
      throw new CommandError('InvalidBSON', 'a document in OP_MSG is malformed');
    documents.push(section.subarray(at, at + size));
    at += size;
  }
  sequences.set(section.toString('utf8', 4, nameEnd), documents);
}

function readQuery(bytes: Buffer): Request {
  const nameEnd = bytes.indexOf(0, headerLength + 4);
  if (nameEnd < 0) throw new CommandError('InvalidBSON', 'OP_QUERY without a name');
  const [database = '', collection] = bytes.toString('utf8', headerLength + 4, nameEnd).split('.');
  if (collection !== '$cmd')
    throw new CommandError('CommandNotSupported', 'OP_QUERY is for the first hello only');
  const start = nameEnd + 1 + 8;
  const command = readDocument(bytes.subarray(start, start + bytes.readInt32LE(start)));
  command.set('$db', database);
  return { requestId: requestIdOf(bytes), command, sequences: new Map(), isAnswered: true, isLegacy: true };
}

export function writeAnswer(requestId: number, answer: Answer, isLegacy: boolean): Buffer {
  const body = writeDocument(answer);
  const prefix = Buffer.alloc(isLegacy ? 20 : 5);
  if (isLegacy) prefix.writeInt32LE(1, 16);
  const header = Buffer.alloc(headerLength);
  header.writeInt32LE(headerLength + prefix.length + body.length, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(isLegacy ? opCodes.reply : opCodes.message, 12);
  return Buffer.concat([header, prefix, body]);
}
