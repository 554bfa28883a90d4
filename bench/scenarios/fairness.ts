import { createBenchDatabase } from '../bench-database.ts';
import { measure, type Stats } from '../load/measure.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable, ratio } from '../load/table.ts';
import { addChannels, addWorkspace, startApp, startNoisyAccount } from '../subjects/app.ts';
import type { Subject } from '../subjects/subject.ts';

/** The measured accounts, each with a channel, and their total rate. */
const channels = 1000;
const load = { rate: 20, events: 500, channels };

/** Maximum ratio of an alert's or answer's time beside a noisy account to its time alone. */
const maxRatio = 3;

/** Two noisy accounts, each with a workspace of its own. */
const many = { teamId: 'T0MANY00001', accountId: 'acct_many', channels: 130 };
const one = { teamId: 'T0ONE000001', accountId: 'acct_one', channels: 1 };

/** Load by a noisy account while others are measured. */
type Noise = { name: string; account: typeof many; hangs: boolean; post: { batch: number; everyMs: number } };

/** The first leaves nothing behind, the second a backlog of one channel. What the last one leaves is sent all at once. */
const noises: readonly Noise[] = [
  {
    name: 'posts an event a second for 130 channels',
    account: many,
    hangs: false,
    post: { batch: 1, everyMs: 1000 },
  },
  {
    name: 'posts batches of 1,000 without a pause',
    account: one,
    hangs: false,
    post: { batch: 1000, everyMs: 0 },
  },
  {
    name: 'posts an event a second for 130 channels whose webhooks hang',
    account: many,
    hangs: true,
    post: { batch: 1, everyMs: 1000 },
  },
];

/** Times of other accounts' alerts and answers alone, and beside a noisy account, in one process of the app. */
export async function fairness(sink: Sink): Promise<void> {
  const database = await createBenchDatabase();
  await database.use(async (db) => {
    await addChannels(db, sink, { from: 0, to: channels });
    for (const account of [many, one]) await addWorkspace(db, sink, account);
  });
  const subject = await startApp(sink, database);
  await measure({ sink, subject }, { ...load, rate: 100, events: 1000 });
  const alone = await measure({ sink, subject }, load);
  const rows: string[][] = [['(alone)', ...toCells(alone), '', '', '']];
  for (const noise of noises) {
    const stats = await measureBeside(sink, subject, noise);
    rows.push([noise.name, ...toCells(stats), ...compare(stats, alone)]);
  }
  await subject.stop();
  await database.remove();
  printTable(`${load.rate} events a second of other accounts beside a noisy one`, [
    [
      'the noisy account',
      'p50',
      'p99',
      'answer p99',
      'lost',
      'p99 / alone',
      'answer p99 / alone',
      `at most ${maxRatio}×`,
    ],
    ...rows,
  ]);
}

async function measureBeside(sink: Sink, subject: Subject, { account, hangs, post }: Noise): Promise<Stats> {
  sink.hangs = (path) => hangs && path.includes(account.teamId);
  const noisy = await startNoisyAccount(subject, { accountId: account.accountId, ...post });
  const stats = await measure({ sink, subject }, load);
  await noisy.stop();
  sink.hangs = () => false;
  return stats;
}

function toCells({ p50, p99, answerP99, lost }: Stats): string[] {
  return [ms(p50), ms(p99), ms(answerP99), String(lost)];
}

function compare(stats: Stats, alone: Stats): string[] {
  const isFair = stats.p99 <= maxRatio * alone.p99 && stats.answerP99 <= maxRatio * alone.answerP99;
  return [
    ratio(stats.p99, alone.p99),
    ratio(stats.answerP99, alone.answerP99),
    isFair && stats.lost === 0 ? 'yes' : 'no',
  ];
}
