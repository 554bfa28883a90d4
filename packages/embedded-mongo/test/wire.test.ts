import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BSON } from 'mongodb';
import { afterEach, describe, expect, test } from 'vitest';
import { setupEmbeddedDatabase } from './support/setup-embedded-database.ts';

const database = setupEmbeddedDatabase();
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  // Whatever a test sent, other connections are still served.
  expect(await database.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
});

async function open(): Promise<Socket> {
  const path = decodeURIComponent(/\/\/([^/]+)\//.exec(database.uri)?.[1] ?? '');
  const socket = connect(path);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

function message(
  command: BSON.Document,
  { flags = 0, sections = [] as Buffer[], opCode = 2013 } = {},
): Buffer {
  const body = Buffer.concat([Buffer.from([0]), BSON.serialize(command), ...sections]);
  const frame = Buffer.alloc(20 + body.length);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(77, 4);
  frame.writeInt32LE(opCode, 12);
  frame.writeUInt32LE(flags, 16);
  body.copy(frame, 20);
  return frame;
}

function sequence(name: string, documents: BSON.Document[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((one) => BSON.serialize(one))]);
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeInt32LE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

/** A document that declares more bytes than it has. */
function brokenSequence(): Buffer {
  const bytes = sequence('documents', [{ a: 1 }]);
  bytes.writeInt32LE(500, 5 + 'documents'.length + 1);
  return bytes;
}

/** The next answer on a socket, and the message that it answers. */
async function answer(socket: Socket): Promise<{ to: number; document: BSON.Document }> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < 4 || bytes.length < bytes.readInt32LE(0)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
  }
  const offset = bytes.readInt32LE(12) === 1 ? 36 : 21;
  return {
    to: bytes.readInt32LE(8),
    document: BSON.deserialize(bytes.subarray(offset, bytes.readInt32LE(0))),
  };
}

const closed = (socket: Socket) => once(socket, 'close');
const ping = { ping: 1, $db: 'admin' };

describe('a client', () => {
  test('gets an answer with the number of its message', async () => {
    const socket = await open();
    socket.write(message(ping));
    expect(await answer(socket)).toEqual({ to: 77, document: { ok: 1 } });
  });

  test('sends its first hello in the legacy form', async () => {
    const socket = await open();
    const query = BSON.serialize({ ismaster: 1, helloOk: true });
    const frame = Buffer.concat([Buffer.alloc(20), Buffer.from('admin.$cmd\0'), Buffer.alloc(8), query]);
    frame.writeInt32LE(frame.length, 0);
    frame.writeInt32LE(2004, 12);
    socket.write(frame);
    expect((await answer(socket)).document).toMatchObject({
      ismaster: true,
      helloOk: true,
      maxWireVersion: 21,
      ok: 1,
    });
  });

  test('may send its message byte by byte', async () => {
    const socket = await open();
    socket.setNoDelay(true);
    for (const byte of message(ping)) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect((await answer(socket)).document).toEqual({ ok: 1 });
  });

  test('may send several at once, which are answered in order', async () => {
    const socket = await open();
    const insert = (n: number) => message({ insert: 'order', documents: [{ _id: n }], $db: 'test' });
    socket.write(Buffer.concat([insert(1), insert(1), message(ping)]));
    let bytes = Buffer.alloc(0);
    const answers: BSON.Document[] = [];
    while (answers.length < 3) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 4 && bytes.length >= bytes.readInt32LE(0)) {
        answers.push(BSON.deserialize(bytes.subarray(21, bytes.readInt32LE(0))));
        bytes = bytes.subarray(bytes.readInt32LE(0));
      }
    }
    expect(answers).toMatchObject([{ n: 1 }, { n: 0, writeErrors: [{ code: 11000 }] }, { ok: 1 }]);
  });

  test('may send documents beside the command, but no checksum', async () => {
    const socket = await open();
    const sections = [sequence('documents', [{ _id: 1 }, { _id: 2 }])];
    socket.write(message({ insert: 'beside', $db: 'test' }, { sections }));
    expect((await answer(socket)).document).toEqual({ n: 2, ok: 1 });
    socket.write(message({ insert: 'beside', $db: 'test' }, { flags: 1, sections }));
    expect((await answer(socket)).document).toMatchObject({ ok: 0, code: 22 });
  });

  test('gets no answer to unacknowledged writes', async () => {
    const socket = await open();
    const quiet = message({ insert: 'quiet', documents: [{ _id: 1 }], $db: 'test' }, { flags: 2 });
    socket.write(Buffer.concat([quiet, message({ count: 'quiet', $db: 'test' })]));
    expect((await answer(socket)).document).toEqual({ n: 1, ok: 1 });
  });
});

describe('nonsense closes at most its own connection', () => {
  const withLength = (length: number) => {
    const frame = message(ping);
    frame.writeInt32LE(length, 0);
    return frame;
  };
  test.each<[string, Buffer]>([
    ['too long', withLength(48_000_001)],
    ['of negative length', withLength(-5)],
    ['shorter than its header', withLength(12)],
    ['of another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['of an unknown kind', message(ping, { opCode: 2006 })],
  ])('a message %s', async (_, frame) => {
    const socket = await open();
    socket.write(frame);
    await closed(socket);
  });

  test('half a message and no more', async () => {
    const socket = await open();
    socket.end(message(ping).subarray(0, 30));
    socket.resume();
    await closed(socket);
  });

  test.each<[string, Buffer]>([
    ['unknown flags', message(ping, { flags: 8 })],
    ['a section of an unknown kind', message(ping, { sections: [Buffer.from([9, 5, 0, 0, 0, 0])] })],
    ['a section that is too long', message(ping, { sections: [Buffer.from([1, 255, 0, 0, 0, 0])] })],
    ['two bodies', message(ping, { sections: [Buffer.from([0]), Buffer.from(BSON.serialize(ping))] })],
    ['a broken document', message({ insert: 'x', $db: 'test' }, { sections: [brokenSequence()] })],
    ['no database', message({ ping: 1 })],
    ['no command', message({})],
  ])('%s: is refused, and the connection continues', async (_, frame) => {
    const socket = await open();
    socket.write(frame);
    expect((await answer(socket)).document).toMatchObject({ ok: 0, code: expect.any(Number) });
    socket.write(message(ping));
    expect((await answer(socket)).document).toEqual({ ok: 1 });
  });

  test('random bytes instead of BSON', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const socket = await open();
      const frame = message({ find: 'x', filter: { a: 1, b: { $gt: 5 } }, $db: 'test' });
      for (let at = 21 + (seed % 4); at < frame.length; at += 7 + (seed % 5))
        frame[at] = (seed * 37 + at * 11) & 0xff;
      socket.write(frame);
      await Promise.race([answer(socket), closed(socket)]);
      socket.destroy();
    }
  });
});
