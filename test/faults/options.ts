import { parseArgs } from 'node:util';

/** How much goes wrong: `usual` for the suite, `few` and `none` for the soak. */
const faultLevels = ['usual', 'few', 'none'] as const;
export type FaultLevel = (typeof faultLevels)[number];

/** What a run is to be. All of it stands in the command, so that the same command repeats the plan. */
export type Options = {
  seed: number;
  /** How long load and faults last at most, in milliseconds. */
  loadMs: number;
  /** How long it may take after that until everything has arrived, in milliseconds. */
  settleMs: number;
  /** The load ends after that many events, if the time has not run out before. */
  events: number;
  /** Events a second. */
  rate: number;
  /** Accounts, each with three channels. */
  accounts: number;
  /** Processes of the app. */
  processes: number;
  /** Events in one request at most. */
  batch: number;
  faults: FaultLevel;
  /** `auto`: a real engine where one answers. */
  engine: 'auto' | 'embedded';
  /** How many of the alerts that took longest are told with their timelines. */
  slowest: number;
  /** The built app. */
  app: string;
};

/** Reads the command's arguments. @throws Error that says what is wrong with them */
export function readOptions(args: string[], chooseSeed: () => number): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string', default: '2.5' },
      calm: { type: 'string', default: '90' },
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
    settleMs: toNumber('calm', values.calm) * 1000,
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
