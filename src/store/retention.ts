const dayMs = 24 * 60 * 60 * 1000;

/** How long events and finished deliveries are kept (README.md, "Privacy"). Milliseconds. */
const retentionMs = 30 * dayMs;

/** The instant at which what is finished at `instant` may be deleted. */
export function afterRetention(instant: Date): Date {
  return new Date(instant.getTime() + retentionMs);
}
