import type { Snapshot } from '../snapshot.ts';

/** `on` is a message's `ts`, the Home tab or the topmost modal. */
export type ElementAddress = { on: string; blockId: string; actionId: string; attachment?: number };

/** One channel in the answer of `GET /perly/events/{id}`. */
export type ChannelOutcome = {
  channel: { id: string; name: string | null };
  decision: string;
  reason: string | null;
  explanation: string;
  delivery: { state: string; error: string | null } | null;
};

export type Api = {
  snapshot(): Promise<Snapshot>;
  outcome(eventId: string): Promise<ChannelOutcome[]>;
  /** After everything that was typed before it. @throws Error with the server's text */
  post<Answer = unknown>(action: string, body?: object): Promise<Answer>;
  /** Does not tell the app. */
  enter(body: ElementAddress & { choice: unknown }): void;
};

export function createApi(user: string): Api {
  let typed: Promise<unknown> = Promise.resolve();

  async function send<Answer>(action: string, body: object): Promise<Answer> {
    const response = await fetch(`/api/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, ...body }),
    });
    if (!response.ok) throw new Error(await wordsOf(response));
    return await response.json();
  }

  return {
    snapshot: () => get<Snapshot>('snapshot', { user }),
    async outcome(eventId) {
      const { channels } = await get<{ channels: ChannelOutcome[] }>('outcome', { event: eventId });
      return channels;
    },
    async post(action, body = {}) {
      await typed;
      return await send(action, body);
    },
    enter(body) {
      // Errors are shown again when the modal is submitted.
      typed = typed.then(() => send('enter', body)).catch(() => undefined);
    },
  };
}

async function get<Answer>(path: string, query: Record<string, string>): Promise<Answer> {
  const response = await fetch(`/api/${path}?${new URLSearchParams(query)}`);
  if (!response.ok) throw new Error(await wordsOf(response));
  return await response.json();
}

async function wordsOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return String(JSON.parse(text).error);
  } catch {
    return `${response.status} ${text}`;
  }
}
