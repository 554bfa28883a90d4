/** What has to be undone at the end, however the run ends. */
export type Cleanup = {
  /** Remembers how to undo something: the latest is undone first. */
  later(undo: () => Promise<unknown>): void;
  /** Undoes everything, once; what fails keeps nothing else from being undone. */
  now(): Promise<void>;
};

export function createCleanup(): Cleanup {
  const left: (() => Promise<unknown>)[] = [];
  return {
    later(undo) {
      left.push(undo);
    },
    async now() {
      for (let undo = left.pop(); undo !== undefined; undo = left.pop())
        await undo().catch((error: unknown) => process.stderr.write(`not tidied up: ${error}\n`));
    },
  };
}
