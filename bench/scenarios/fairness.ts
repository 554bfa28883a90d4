import { createBenchDatabase } from '../bench-database.ts';
import { type Figures, measure } from '../load/measure.ts';
import type { Sink } from '../load/sink.ts';
import { ms, printTable, ratio } from '../load/table.ts';
import { addChannels, addWorkspace, startApp, startNoisyAccount } from '../subjects/app.ts';

const teamId = 'T0NOISY0001';
const accountId = 'acct_noisy';

/** The accounts that are measured, each with a channel, and what they post together. */
const channels = 1000;
const rate = 20;
const seconds = 20;

/** What the noisy account has, and how it posts. */
const noises = [
  {
    name: '130 webhooks hang, an event every 10 s',
    channels: 130,
    hangs: true,
    post: { batch: 1, everyMs: 10_000 },
  },
  { name: 'batches of 1,000 without a pause', channels: 1, hangs: false, post: { batch: 1000, everyMs: 0 } },
] as const;

/** What other accounts' alerts take with a noisy account beside them, and without it, in the same process. */
export async function fairness(sink: Sink): Promise<void> {
  const rows: string[][] = [];
  for (const { name, ...noise } of noises) {
    const { alone, beside } = await measureBeside(sink, noise);
    rows.push(['alone', ...toCells(alone, alone)], [name, ...toCells(beside, alone)]);
  }
  printTable(`${rate} events a second of other accounts beside a noisy one`, [
    ['the noisy account', 'p50', 'p99', 'p99 / alone', 'answer p99', 'answer p99 / alone', 'lost'],
    ...rows,
  ]);
}

type Noise = Omit<(typeof noises)[number], 'name'>;

async function measureBeside(sink: Sink, noise: Noise): Promise<{ alone: Figures; beside: Figures }> {
  const database = await createBenchDatabase();
  sink.hangs = (path) => noise.hangs && path.includes(teamId);
  const load = { rate, events: rate * seconds, channels };
  try {
    await database.use(async (db) => {
      await addChannels(db, sink, { from: 0, to: channels });
      await addWorkspace(db, sink, { teamId, accountId, channels: noise.channels });
    });
    const subject = await startApp(sink, database);
    try {
      await measure({ sink, subject }, { ...load, events: 200 });
      const alone = await measure({ sink, subject }, load);
      const noisy = await startNoisyAccount(subject, { accountId, ...noise.post });
      try {
        return { alone, beside: await measure({ sink, subject }, load) };
      } finally {
        await noisy.stop();
      }
    } finally {
      await subject.stop();
    }
  } finally {
    sink.hangs = () => false;
    await database.remove();
  }
}

function toCells(figures: Figures, to: Figures): string[] {
  return [
    ms(figures.p50),
    ms(figures.p99),
    ratio(figures.p99, to.p99),
    ms(figures.answerP99),
    ratio(figures.answerP99, to.answerP99),
    String(figures.lost),
  ];
}
