import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { compileProjection } from '../query/projection.ts';
import { parseOrder } from '../query/sort-order.ts';
import { updateMatch, upsert } from '../update/update-match.ts';
import { parseUpdate } from '../update/updater.ts';
import { assertUpsertFilter } from '../update/upsert-base.ts';
import { readDocument } from '../values/read-fields.ts';
import { type Command, documentField, namespaceOf } from './command.ts';

/** @see https://www.mongodb.com/docs/manual/reference/command/findAndModify/ */
export const findAndModify: Command = {
  writes: true,
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'collation',
    'arrayFilters',
    'hint',
    'let',
  ],
  run(context) {
    const { engine, command, now } = context;
    const namespace = namespaceOf(context);
    const remove = command.remove === true;
    if (remove && (command.update !== undefined || command.new === true || command.upsert === true))
      throw new CommandError(
        'FailedToParse',
        "Cannot specify 'update', 'new' or 'upsert' along with 'remove'",
      );
    if (!remove && command.update === undefined)
      throw new CommandError('FailedToParse', 'Either an update or remove=true must be specified');
    const variables = documentField(command.let, 'let');
    const filter = compileFilter(documentField(command.query, 'query'), variables);
    if (command.upsert === true) assertUpsertFilter(command.query);
    engine.assertHint(namespace, command.hint);
    const order = parseOrder(command.sort);
    const [match] = engine.find(namespace, { filter, order, skip: 0, limit: 1 });
    const project = compileProjection(documentField(command.fields, 'fields'));
    const answer = (lastErrorObject: Document, document: Document | undefined) => ({
      lastErrorObject,
      value: document === undefined ? null : project(document),
    });

    if (remove) {
      if (match === undefined) return answer({ n: 0 }, undefined);
      engine.existing(namespace).remove(match.recordId, match.bytes);
      return answer({ n: 1 }, match.document);
    }
    const updater = parseUpdate(command.update, {
      conditions: filter.conditions,
      arrayFilters: command.arrayFilters,
      variables,
    });
    if (match !== undefined) {
      const { bytes } = updateMatch(engine.existing(namespace), match, updater, now);
      return answer(
        { n: 1, updatedExisting: true },
        command.new === true ? readDocument(bytes) : match.document,
      );
    }
    if (command.upsert !== true) return answer({ n: 0, updatedExisting: false }, undefined);
    const document = upsert(engine.collectionFor(namespace), filter.conditions, updater, now);
    return answer(
      { n: 1, updatedExisting: false, upserted: document._id },
      command.new === true ? document : undefined,
    );
  },
};
