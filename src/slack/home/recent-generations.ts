/** More modals than this are not open at once in one process. */
const maxModals = 1000;

/** Which generation of fields a modal was last given, for as long as clicks in older ones may still come. */
export function createRecentGenerations() {
  const generations = new Map<string, number>();
  return {
    get: (viewId: string) => generations.get(viewId) ?? 0,
    set(viewId: string, generation: number) {
      generations.delete(viewId);
      generations.set(viewId, generation);
      const [oldest] = generations.keys();
      if (generations.size > maxModals && oldest !== undefined) generations.delete(oldest);
    },
  };
}
