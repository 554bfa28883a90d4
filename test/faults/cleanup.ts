export type Cleanup = {
  /** Steps run in reverse order. */
  later(undo: () => Promise<unknown>): void;
  /** Once; a failing step does not keep others from running. */
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
