import type { Document } from '../bson/value.ts';
import type { Answer } from '../bson/write.ts';
import { CommandError } from '../command-error.ts';
import { compileFilter } from '../query/filter.ts';
import { compileProjection } from '../query/projection.ts';
import { parseOrder } from '../query/sort-order.ts';
import { updateMatch, upsert } from '../update/update-match.ts';
import { parseUpdate } from '../update/updater.ts';
import { type Command, documentOption, flagOption, namespaceOf } from './command.ts';

/** @see https://www.mongodb.com/docs/manual/reference/command/findAndModify/ */
export const findAndModify: Command = {
  writes: true,
  options: ['query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert'],
  run(context) {
    const { engine, command, now } = context;
    const namespace = namespaceOf(context);
    const [remove, upserts, returnsNew] = ['remove', 'upsert', 'new'].map((name) =>
      flagOption(command, name),
    );
    if (remove === command.has('update') || (remove && (upserts || returnsNew)))
      throw new CommandError(
        'FailedToParse',
        "Either 'update' or 'remove' must be specified; 'new' and 'upsert' belong to 'update'",
      );
    const filter = compileFilter(documentOption(command, 'query'));
    const order = parseOrder(command.get('sort'));
    const project = compileProjection(documentOption(command, 'fields'));
    const answer = (lastErrorObject: Answer, root: Document | undefined): Answer => ({
      lastErrorObject,
      value: root === undefined ? null : project(root, { root, now }),
    });
    const updater = remove ? undefined : parseUpdate(command.get('update'));
    const [match] = engine.find(namespace, { filter, order, skip: 0, limit: 1 });
    if (updater === undefined) {
      if (match !== undefined) engine.existing(namespace).remove(match);
      return answer({ n: match === undefined ? 0 : 1 }, match?.document);
    }
    if (match !== undefined) {
      const { document } = updateMatch(engine.existing(namespace), match, updater, now);
      return answer({ n: 1, updatedExisting: true }, returnsNew ? document : match.document);
    }
    if (!upserts) return answer({ n: 0, updatedExisting: false }, undefined);
    const document = upsert(engine.collectionFor(namespace), filter.conditions, updater, now);
    return answer(
      { n: 1, updatedExisting: false, upserted: document.get('_id') },
      returnsNew ? document : undefined,
    );
  },
};
