/** How many documents are changed with one command, which so takes a moment and not minutes. */
const batchSize = 1000;

/** What comes one by one, some together; the last batch may be smaller, none is empty. */
export async function* inBatches<T>(items: AsyncIterable<T>, size = batchSize): AsyncGenerator<T[], void> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
