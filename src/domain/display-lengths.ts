/** How long texts and lists are kept: what is longer is cut (docs/integration.md, "Post events"). In code points and items. */
export const displayLengths = {
  name: 300,
  summary: 300,
  suggestedAction: 300,
  signal: 200,
  signals: 20,
  label: 40,
  value: 120,
  details: 8,
} as const;

/** What is this many times longer than it is kept is refused. */
export const hardLimitFactor = 10;
