/** Real input, such as a view of Slack's, nests about twelve levels deep at most. */
const maxDepth = 32;

/** Excessive nesting would overflow the stack of later code. @throws SyntaxError */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeeperThan(maxDepth, value)) throw new SyntaxError('JSON nested too deeply');
  return value;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
