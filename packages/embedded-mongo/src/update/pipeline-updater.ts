import type { Document } from 'bson';
import { Aggregator } from 'mingo/aggregator';
import { CommandError } from '../command-error.ts';
import { refusing } from '../query/filter.ts';
import { pipelineOptions } from '../query/pipeline-context.ts';
import { isDocument } from '../values/is-document.ts';
import { retype, toPlain } from '../values/plain-value.ts';
import { dependsOnId } from './depends-on-id.ts';
import type { Updater } from './updater.ts';

const updateStages = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);

/** Reads an update that is a pipeline: mingo runs it. @throws CommandError InvalidOptions */
export function pipelineUpdater(pipeline: readonly unknown[], variables: Document | undefined): Updater {
  const stages = pipeline.map((stage) => {
    const [name] = isDocument(stage) ? Object.keys(stage) : [];
    if (!isDocument(stage) || name === undefined || !updateStages.has(name))
      throw new CommandError(
        'InvalidOptions',
        `${name ?? 'this'} is not allowed to be used within an update`,
      );
    return toPlain(stage);
  });
  let aggregator: Aggregator | undefined;
  const run = (document: Document): Document => {
    const [result] = refusing(() => {
      aggregator ??= new Aggregator(stages.filter(isDocument), {
        ...pipelineOptions(),
        ...(variables && { variables }),
      });
      return aggregator.run([toPlain(document) as Document]);
    });
    const typed = retype(result, document);
    return isDocument(typed) ? typed : {};
  };

  const isSameForAll = !dependsOnId(stages);
  let ofAnyId: Document | undefined;
  return {
    kind: 'pipeline',
    apply(document) {
      const isOnlyId = isSameForAll && Object.keys(document).join() === '_id';
      if (!isOnlyId) return { document: run(document), touched: undefined };
      // Many upserts of one command start from nothing but their ids.
      ofAnyId ??= run(document);
      return { document: { ...ofAnyId, _id: document._id }, touched: undefined };
    },
  };
}
