import { readdirSync, readFileSync } from 'node:fs';
import { BSON, type Db, type Document } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { setupEmbeddedDatabase } from '../support/setup-embedded-database.ts';
import { type Operation, runOperation } from './run-operation.ts';

type Data = { collectionName: string; databaseName: string; documents: Document[] };
type Requirement = { minServerVersion?: string; maxServerVersion?: string; topologies?: string[] };
type Case = {
  description: string;
  data: Data[];
  requirements: Requirement[][];
  operations: (Operation & { collection: string; expectResult?: unknown; expectError?: Document })[];
  outcome: Data[];
};

/** By a word in the operations: why a case cannot be tested here. */
const outOfScope: Record<string, string> = {
  failPoint: 'makes a server fail on purpose',
};

const database = setupEmbeddedDatabase();

const refused: string[] = [];
const notForThisServer: string[] = [];

const suites = [...readSuite('crud', readUnified), ...readSuite('crud-v1', readLegacy)];
describe.each(suites)('%s', (file, cases) => {
  test.each(cases)('$description', async (one) => {
    const name = `${file}: ${one.description}`;
    const reason = whyNot(one);
    if (reason !== undefined) {
      notForThisServer.push(`${name}: ${reason}`);
      return;
    }
    for (const { databaseName, collectionName, documents } of one.data) {
      const collection = database.db.client.db(databaseName).collection(collectionName);
      await collection.drop();
      if (documents.length > 0) await collection.insertMany(documents);
    }
    const refusal = await run(database.db.client.db(one.data[0]?.databaseName ?? 'test'), one);
    if (refusal !== undefined) {
      refused.push(`${name}: ${refusal}`);
      return;
    }
    for (const { databaseName, collectionName, documents } of one.outcome) {
      const collection = database.db.client.db(databaseName).collection(collectionName);
      expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual(documents);
    }
  });
});

test('every other one is refused, and names what is not supported', async () => {
  await expect(`${refused.sort().join('\n')}\n`).toMatchFileSnapshot('refused.txt');
  await expect(`${notForThisServer.sort().join('\n')}\n`).toMatchFileSnapshot('not-run.txt');
});

/** @returns the refusal of what is not supported, if any */
async function run(db: Db, { operations }: Case): Promise<string | undefined> {
  for (const { collection, expectResult, expectError, ...operation } of operations) {
    const [result, error] = await runOperation(db, collection, operation).then(
      (value): [unknown, undefined] => [value, undefined],
      (reason: unknown): [undefined, unknown] => [undefined, reason],
    );
    const message = String(error instanceof Error ? error.message : error);
    if (error !== undefined && /embedded-mongo/.test(message)) return message;
    if (error !== undefined && expectError === undefined) throw error;
    if (error === undefined && expectError !== undefined) expect.fail('it should have been an error');
    if (expectResult !== undefined && error === undefined) expectMatch(result, expectResult);
  }
  return undefined;
}

/** @see https://github.com/mongodb/specifications/blob/master/source/unified-test-format/unified-test-format.md#evaluating-matches */
function expectMatch(actual: unknown, expected: unknown): void {
  if (Array.isArray(expected)) {
    expect(actual).toHaveLength(expected.length);
    for (const [at, item] of expected.entries()) expectMatch((actual as unknown[])[at], item);
    return;
  }
  if (expected === null || typeof expected !== 'object' || expected.constructor !== Object) {
    expect(actual).toEqual(expected);
    return;
  }
  for (const [key, value] of Object.entries(expected)) {
    if (key === '$$unsetOrMatches') {
      if (actual !== undefined) expectMatch(actual, value);
    } else expectMatch((actual as Document | null | undefined)?.[key], value);
  }
}

function whyNot({ operations, requirements }: Case): string | undefined {
  for (const { name } of operations) if (outOfScope[name] !== undefined) return outOfScope[name];
  const isMet = requirements.every((some) => some.length === 0 || some.some(isForThisServer));
  return isMet ? undefined : 'for another version or topology than a single server 7.0';
}

function isForThisServer({
  minServerVersion = '0',
  maxServerVersion = '99',
  topologies,
}: Requirement): boolean {
  const number = (version: string) => Number.parseFloat(version);
  return (
    number(minServerVersion) <= 7 &&
    number(maxServerVersion) >= 7 &&
    (topologies === undefined || topologies.includes('single'))
  );
}

function readSuite(folder: string, read: (file: Document) => Case[]): [string, Case[]][] {
  const url = new URL(`fixtures/${folder}/`, import.meta.url);
  return readdirSync(url).map((name) => [
    `${folder}/${name}`,
    read(BSON.EJSON.parse(readFileSync(new URL(name, url), 'utf8'))),
  ]);
}

function readUnified(file: Document): Case[] {
  const entities = new Map<string, Document>(
    file.createEntities.map((entity: Document) => {
      const [one] = Object.values(entity);
      return [one.id, one];
    }),
  );
  return file.tests.map((one: Document) => ({
    description: one.description,
    data: file.initialData ?? [],
    requirements: [file.runOnRequirements ?? [], one.runOnRequirements ?? []],
    operations: one.operations.map((operation: Document) => ({
      ...operation,
      collection: entities.get(operation.object)?.collectionName ?? '',
    })),
    outcome: one.outcome ?? [],
  }));
}

/** The older format: one operation per test. */
function readLegacy(file: Document): Case[] {
  const place = { databaseName: 'crud-v1', collectionName: 'coll' };
  return file.tests.map(({ description, operation, outcome }: Document) => ({
    description,
    data: [{ ...place, documents: file.data }],
    requirements: [
      [{ minServerVersion: file.minServerVersion ?? '0', maxServerVersion: file.maxServerVersion ?? '99' }],
    ],
    operations: [
      {
        ...operation,
        collection: place.collectionName,
        expectResult: outcome.result,
        ...(outcome.error === true && { expectError: {} }),
      },
    ],
    outcome:
      outcome.collection === undefined
        ? []
        : [
            {
              ...place,
              collectionName: outcome.collection.name ?? place.collectionName,
              documents: outcome.collection.data,
            },
          ],
  }));
}
