import { useEffect, useState } from 'react';
import type { Api, ChannelOutcome } from '../api.ts';
import { useReader } from '../reader.ts';

/** Refreshed whenever something changes. */
export function Outcome({ eventId, api }: { eventId: string; api: Api }) {
  const { now } = useReader();
  const [outcomes, setOutcomes] = useState<ChannelOutcome[]>([]);
  const [problem, setProblem] = useState<string>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of `now` asks again
  useEffect(() => {
    api.outcome(eventId).then(setOutcomes, (error: unknown) => setProblem(String(error)));
  }, [api, eventId, now]);

  if (problem !== undefined) return <p className="hint">{problem}</p>;
  return (
    <>
      <ul className="outcomes" data-testid="outcomes" aria-label="What happened to it">
        {outcomes.map(({ channel, decision, reason, delivery }) => (
          <li key={channel.id}>
            <strong>{channel.name ?? channel.id}</strong> {delivery?.state ?? decision}
            {reason !== null && `: ${reason}`}
            {delivery?.error != null && ` (${delivery.error})`}
          </li>
        ))}
      </ul>
      <ul className="outcomes" data-testid="explanations" aria-label="What Perly’s support reads out">
        {outcomes.map(({ channel, explanation }) => (
          <li key={channel.id}>
            <small>
              {channel.name ?? channel.id}: {explanation}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}
