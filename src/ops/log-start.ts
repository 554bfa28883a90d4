import type { Logger } from 'pino';

export function logStart(
  { appUrl, publisher }: { appUrl: string; publisher: { defaults: readonly string[] } },
  versions: { node: string; tz?: string | undefined },
  now: Date,
  logger: Pick<Logger, 'info' | 'warn'>,
): void {
  const { node, tz } = versions;
  logger.info({ node, timeZoneData: tz }, 'starting');
  if (tz !== undefined && isOlderThanAYear(tz, now))
    logger.warn(
      { timeZoneData: tz, node },
      'the time zone data of this Node.js are older than a year: upgrade Node.js (docs/operations.md)',
    );
  const { defaults } = publisher;
  if (appUrl.startsWith('https:') && defaults.length > 0)
    logger.warn({ settings: defaults }, 'public pages show defaults: set these before customers see them');
}

/** Counts from the middle of the year, since a release like `2025b` names no day. */
function isOlderThanAYear(release: string, now: Date): boolean {
  const year = Number(/^(\d{4})[a-z]$/.exec(release)?.[1]);
  return now.getTime() > Date.UTC(year + 1, 6, 1);
}
