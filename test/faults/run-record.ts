/** All times are milliseconds since the run began, by the harness's own monotonic clock. */

export type Attempt = { slot: number; from: number; to: number; outcome: string };

/** A request with one event or several, repeated until accepted. */
export type Post = {
  /** In order, without deliberate repeats. */
  eventIds: string[];
  attempts: Attempt[];
  /** When the 202 arrived. */
  answeredAt: number | undefined;
};

/** An event as verification needs it. */
export type PostedEvent = {
  isCritical: boolean;
  channelIds: readonly string[];
  /** Channels that get it in a digest. */
  digestIds?: readonly string[];
  post: Post;
};

/** One alert of a message that Slack accepted. */
export type Arrival = {
  eventId: string;
  channelId: string;
  isReminder?: boolean;
  /** Its place among all arrivals. */
  place: number;
  message: ArrivedMessage;
};

/** A message that Slack accepted, and how its request ended. */
export type ArrivedMessage = {
  at: number;
  /** The process that posted it. */
  slot: number | undefined;
  /** Whether Slack's `ok` was sent completely; `undefined` if the app was gone before. */
  end: { isAnswered: boolean; isFaulty: boolean; at: number } | undefined;
};

/** A fault of a process or the database, and its duration. */
export type Outage = { from: number; to: number } & (
  | { kind: 'kill' | 'stop'; slot: number }
  | { kind: 'cut' }
);

/** A request that Slack did not accept. */
export type RefusedCall = {
  at: number;
  channelId: string;
  /** 0 if there was no answer. */
  status: number;
  body: string;
  isFaulty: boolean;
  eventIds: readonly string[];
};

/** Everything that verification depends on. */
export type RunRecord = {
  channelIds: readonly string[];
  events: ReadonlyMap<string, PostedEvent>;
  posts: readonly Post[];
  arrivals: readonly Arrival[];
  outages: readonly Outage[];
  refusedCalls: readonly RefusedCall[];
};

export type Problem = {
  kind: ProblemKind;
  text: string;
  /** The time span that its timeline covers. */
  from: number;
  to: number;
  channelId?: string;
  eventIds: readonly string[];
};

export const problemKinds = [
  'lost',
  'unanswered',
  'wrong answer',
  'unexpected',
  'out of order',
  'duplicate',
  'too fast',
  'refused',
  'process',
  'delivery',
] as const;
type ProblemKind = (typeof problemKinds)[number];
