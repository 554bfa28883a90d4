/** Points of a health score as they are shown: to one decimal. */
export function shownPoints(points: number): number {
  return Math.round(points * 10) / 10;
}

/** A change of a health score as it is shown: to one decimal, and zero only where nothing changed. In points. */
export function shownChange(change: number): number {
  if (change === 0) return 0;
  return Math.sign(change) * Math.max(0.1, shownPoints(Math.abs(change)));
}
