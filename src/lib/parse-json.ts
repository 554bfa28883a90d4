/** Nothing that this app is sent nests deeper than some twelve levels: a view of Slack's. */
const maxDepth = 32;

/**
 * Reads JSON of a stranger. What nests without end would end the stack of whoever looks at it: already a comparison with
 * a number walks down a list.
 *
 * @throws SyntaxError for what is not JSON, or nests deeper than 32 levels
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeeperThan(maxDepth, value)) throw new SyntaxError('JSON that nests too deep');
  return value;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
