import { readFileSync } from 'node:fs';

/** The part of a sample event that is looked at here. */
export type Sample = {
  customer: { id: string; name: string; url: string };
  health_score?: object | undefined;
};

/** Where the customers of the samples are. */
const samplesOrigin = 'https://app.perly.ai';

/** A sample event of `sandbox/events`. @param perlyAppUrl where its customer is */
export function readSample(name: string, perlyAppUrl: string): Sample {
  const json = readFileSync(new URL(`../events/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(json.replaceAll(samplesOrigin, perlyAppUrl));
}

/** An event that the app refuses: a drop without a score. */
export function withoutScore(sample: Sample): Sample {
  return { ...sample, health_score: undefined };
}
