/** One entity tag; what stands behind the version is what a compressing proxy may add: `W/"2"`, `"2-gzip"`, `"2;br"`. */
const entityTag = /^(?:W\/)?"(\d{1,15})(?:(?:--?|;)(?:gzip|br|zstd|deflate))?"$/;

/**
 * Reads `If-Match`: one entity tag, a list of them, or `*` for whatever there is (RFC 9110, section 13.1.1). That section
 * wants a strong comparison, since weak tags may stand for other bytes. Ours are versions of a channel: a proxy that
 * compresses an answer weakens or extends its tag, and the version that was read is the same.
 *
 * @returns whether a version satisfies it; none does where there is no tag of ours
 */
export function parseIfMatch(header: string): (version: number) => boolean {
  if (header.trim() === '*') return () => true;
  const versions = header.split(',').map((tag) => entityTag.exec(tag.trim())?.[1]);
  return (version) => versions.includes(String(version));
}
