/** The range of all texts that begin with `prefix`, which has at least one character. */
export function idsFrom(prefix: string): { $gte: string; $lt: string } {
  const last = prefix.length - 1;
  const next = String.fromCharCode(prefix.charCodeAt(last) + 1);
  return { $gte: prefix, $lt: `${prefix.slice(0, last)}${next}` };
}

/** The range of the ids of a workspace's channels: see `channelKey`. */
export function channelIdsOf(teamId: string): { $gte: string; $lt: string } {
  return idsFrom(`${teamId}:`);
}
