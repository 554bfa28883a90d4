import { readFileSync } from 'node:fs';

export type Sample = {
  customer: { id: string; name: string; url: string; owner?: { id: string; name: string } };
  health_score?: object | undefined;
  details?: { label: string; value: string }[] | undefined;
};

const samplesOrigin = 'https://app.perly.ai';

/** Of `sandbox/events`. @param perlyAppUrl the base URL of its customer */
export function readSample(name: string, perlyAppUrl: string): Sample {
  const json = readFileSync(new URL(`../events/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(json.replaceAll(samplesOrigin, perlyAppUrl));
}

/** A drop without a score. */
export function withoutScore(sample: Sample): Sample {
  return { ...sample, health_score: undefined };
}

/** Without a detail that names another owner. */
export function ownedBy(sample: Sample, owner: { id: string; name: string }): Sample {
  const details = sample.details?.filter(({ label }) => label !== 'Owner');
  return { ...sample, details, customer: { ...sample.customer, owner } };
}
