export function shownPoints(points: number): number {
  return Math.round(points * 10) / 10;
}

/** Rounds to the one decimal that is shown. Only an unchanged score is shown as zero. */
export function shownChange(change: number): number {
  if (change === 0) return 0;
  return Math.sign(change) * Math.max(0.1, shownPoints(Math.abs(change)));
}
