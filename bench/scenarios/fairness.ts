import { createBenchDatabase } from '../bench-database.ts';
import { measure, type Stats } from '../load/measure.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable, ratio } from '../load/table.ts';
import { addChannels, addWorkspace, startApp, startNoisyAccount } from '../subjects/app.ts';

const teamId = 'T0NOISY0001';
const accountId = 'acct_noisy';

/** The measured accounts, each with a channel, and their total rate. */
const channels = 1000;
const rate = 20;
const seconds = 40;

/** Maximum ratio of an alert's or answer's time beside the noisy account. */
const maxRatio = 3;

/** The noisy account's load, in its own workspace. */
type Noise = { name: string; hangs: boolean; post: { batch: number; everyMs: number } };

const everySecond = { batch: 1, everyMs: 1000 };

/**
 * Each scenario is measured alone, and then beside each of its noises, in the same process of the app. A noise is
 * compared with the previous measurement: hanging webhooks with the same bursts to webhooks that answer, which use
 * the machine too.
 */
const scenarios: { channels: number; noises: Noise[] }[] = [
  {
    channels: 130,
    noises: [
      { name: 'an event a second for 130 channels', hangs: false, post: everySecond },
      { name: 'the same, and their webhooks hang', hangs: true, post: everySecond },
    ],
  },
  {
    channels: 1,
    noises: [{ name: 'batches of 1,000 without a pause', hangs: false, post: { batch: 1000, everyMs: 0 } }],
  },
];

/** Times of other accounts' alerts and answers beside a noisy account. */
export async function fairness(sink: Sink): Promise<void> {
  const rows: string[][] = [];
  for (const scenario of scenarios) {
    const [alone, ...beside] = await measureScenario(sink, scenario);
    let before = alone;
    if (before === undefined) continue;
    rows.push(['nobody', ...toCells(before), '', '', '']);
    for (const [index, { name }] of scenario.noises.entries()) {
      const stats = beside[index];
      if (stats === undefined) continue;
      rows.push([name, ...toCells(stats), ...compare(stats, before)]);
      before = stats;
    }
  }
  printTable(`${rate} events a second of other accounts beside a noisy one`, [
    [
      'the noisy account',
      'p50',
      'p99',
      'answer p99',
      'lost',
      'p99 / row above',
      'answer p99 / row above',
      `at most ${maxRatio}×`,
    ],
    ...rows,
  ]);
}

/** @returns the results alone, and then beside each noise */
async function measureScenario(
  sink: Sink,
  { channels: noisyChannels, noises }: (typeof scenarios)[number],
): Promise<Stats[]> {
  const database = await createBenchDatabase();
  const load = { rate, events: rate * seconds, channels };
  try {
    await database.use(async (db) => {
      await addChannels(db, sink, { from: 0, to: channels });
      await addWorkspace(db, sink, { teamId, accountId, channels: noisyChannels });
    });
    const subject = await startApp(sink, database);
    try {
      await measure({ sink, subject }, { ...load, events: 200 });
      const measured = [await measure({ sink, subject }, load)];
      for (const { hangs, post } of noises) {
        sink.hangs = (path) => hangs && path.includes(teamId);
        const noisy = await startNoisyAccount(subject, { accountId, ...post });
        try {
          measured.push(await measure({ sink, subject }, load));
        } finally {
          await noisy.stop();
        }
      }
      return measured;
    } finally {
      await subject.stop();
    }
  } finally {
    sink.hangs = () => false;
    await database.remove();
  }
}

function toCells({ p50, p99, answerP99, lost }: Stats): string[] {
  return [ms(p50), ms(p99), ms(answerP99), String(lost)];
}

function compare(stats: Stats, before: Stats): string[] {
  const isFair = stats.p99 <= maxRatio * before.p99 && stats.answerP99 <= maxRatio * before.answerP99;
  return [
    ratio(stats.p99, before.p99),
    ratio(stats.answerP99, before.answerP99),
    isFair && stats.lost === 0 ? 'yes' : 'no',
  ];
}
