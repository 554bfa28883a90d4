import { readSample, type Sample as SampleEvent, withoutScore } from '../perly/read-sample.ts';

export const channels = [
  { name: '#customer-health', preset: 'Everything' },
  { name: '#cs-escalations', preset: 'Escalations' },
  { name: '#revenue-signals', preset: 'Revenue signals' },
  { name: '#billing-alerts', preset: 'Billing alerts' },
] as const;

type ChannelName = (typeof channels)[number]['name'];

export type Sample = {
  title: string;
  event: SampleEvent;
  status: number;
  to: readonly ChannelName[];
};

/** @param perlyAppUrl the base URL of the customers */
export function createSamples(perlyAppUrl: string): Sample[] {
  const read = (name: string) => readSample(name, perlyAppUrl);
  return [
    { title: 'a health score drop', event: read('seed-example'), status: 202, to: ['#customer-health'] },
    {
      title: 'a customer at critical risk',
      event: read('customer-at-risk'),
      status: 202,
      to: ['#customer-health', '#cs-escalations'],
    },
    {
      title: 'an expansion signal',
      event: read('expansion-signal'),
      status: 202,
      to: ['#customer-health', '#revenue-signals'],
    },
    {
      title: 'an upsell opportunity',
      event: read('upsell-opportunity'),
      status: 202,
      to: ['#customer-health', '#revenue-signals'],
    },
    {
      title: 'a billing retry that failed',
      event: read('billing-retry-failed'),
      status: 202,
      to: ['#customer-health', '#billing-alerts'],
    },
    { title: 'a drop without a score', event: withoutScore(read('seed-example')), status: 422, to: [] },
    {
      // One of its signals is longer than its display length.
      title: 'a hostile event',
      event: read('hostile'),
      status: 202,
      to: ['#customer-health', '#cs-escalations'],
    },
  ];
}
