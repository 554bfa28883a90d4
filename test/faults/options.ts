import { parseArgs } from 'node:util';

/** `usual` for the suite, `few` and `none` for the soak. */
const faultLevels = ['usual', 'few', 'none'] as const;
export type FaultLevel = (typeof faultLevels)[number];

/** All of it is in the command line, so that the same command repeats the plan. */
export type Options = {
  seed: number;
  /** Maximum duration of load and faults. */
  loadMs: number;
  /** Maximum time after that until everything has arrived. */
  drainMs: number;
  /** The load ends after this many events, or earlier. */
  events: number;
  /** Per second. */
  rate: number;
  /** Each with three channels. */
  accounts: number;
  /** Of the app. */
  processes: number;
  /** Maximum number of events per request. */
  batch: number;
  faults: FaultLevel;
  /** `auto`: a real engine if one answers. */
  engine: 'auto' | 'embedded';
  /** Number of the slowest alerts that are printed with their timelines. */
  slowest: number;
  app: string;
};

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args: string[], chooseSeed: () => number): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string', default: '2.5' },
      drain: { type: 'string', default: '90' },
      events: { type: 'string', default: 'Infinity' },
      rate: { type: 'string', default: '20' },
      accounts: { type: 'string', default: '4' },
      processes: { type: 'string', default: '2' },
      batch: { type: 'string', default: '20' },
      engine: { type: 'string', default: 'auto' },
      faults: { type: 'string', default: 'usual' },
      slowest: { type: 'string', default: '0' },
      app: { type: 'string', default: 'dist/src/main.js' },
    },
  });
  const faults = faultLevels.find((level) => level === values.faults);
  if (faults === undefined) throw new Error(`--faults is one of ${faultLevels.join(', ')}`);
  return {
    seed: values.seed === undefined ? chooseSeed() : toNumber('seed', values.seed),
    loadMs: toNumber('minutes', values.minutes) * 60_000,
    drainMs: toNumber('drain', values.drain) * 1000,
    events: toNumber('events', values.events),
    rate: toNumber('rate', values.rate),
    accounts: toNumber('accounts', values.accounts),
    processes: toNumber('processes', values.processes),
    batch: toNumber('batch', values.batch),
    faults,
    engine: values.engine === 'embedded' ? 'embedded' : 'auto',
    slowest: toNumber('slowest', values.slowest),
    app: values.app,
  };
}

function toNumber(name: string, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number) || number < 0)
    throw new Error(`--${name} is a number, not ${value}`);
  return number;
}
