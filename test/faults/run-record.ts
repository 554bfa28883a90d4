/** All times are milliseconds since the run began, by the harness's own monotonic clock. */

/** One try of a request: to which process, from when to when. */
export type Attempt = { slot: number; from: number; to: number; outcome: string };

/** A request of one event or several, repeated until it is taken. */
export type Post = {
  /** The events that it brings, in their order; what it repeats on purpose is not among them. */
  eventIds: string[];
  attempts: Attempt[];
  /** When the 202 was there. */
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

/** One alert of a message, as Slack took it. */
export type Arrival = {
  eventId: string;
  channelId: string;
  isReminder?: boolean;
  /** Its place among all arrivals. */
  place: number;
  message: ArrivedMessage;
};

/** A message that Slack took, and how its request ended. */
export type ArrivedMessage = {
  at: number;
  /** The process that posted it. */
  slot: number | undefined;
  /** Whether Slack's `ok` was written in full; `undefined` where the app was gone before Slack took the message. */
  end: { isAnswered: boolean; isFaulty: boolean; at: number } | undefined;
};

/** What went wrong with a process or the database, and for how long. */
export type Trouble = { from: number; to: number } & (
  | { kind: 'kill' | 'stop'; slot: number }
  | { kind: 'cut' }
);

/** A request to Slack that it did not take. */
export type RefusedCall = {
  at: number;
  channelId: string;
  /** 0 where no answer was given. */
  status: number;
  body: string;
  isFaulty: boolean;
  /** The alerts of its message. */
  eventIds: readonly string[];
};

/** All that a run left behind: verification is a function of it. */
export type RunRecord = {
  channelIds: readonly string[];
  events: ReadonlyMap<string, PostedEvent>;
  posts: readonly Post[];
  arrivals: readonly Arrival[];
  troubles: readonly Trouble[];
  refusedCalls: readonly RefusedCall[];
};

/** Something that should not be, and where to look for its cause. */
export type Problem = {
  kind: ProblemKind;
  text: string;
  /** The span of time that tells its story. */
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
