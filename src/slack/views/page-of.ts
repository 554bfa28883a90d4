/** From 0; the last page if there are fewer. `first` is the index of its first item. */
export function pageOf<T>(
  all: readonly T[],
  size: number,
  wanted: number,
): { page: number; lastPage: number; first: number; shown: readonly T[] } {
  const lastPage = Math.max(0, Math.ceil(all.length / size) - 1);
  const page = Math.min(wanted, lastPage);
  const first = page * size;
  return { page, lastPage, first, shown: all.slice(first, first + size) };
}
