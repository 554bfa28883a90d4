import type { Confirm } from '@slack/types';
import { useEffect, useRef } from 'react';
import type { ShownChannel, ShownMessage } from '../../snapshot.ts';
import type { Api } from '../api.ts';
import { type Reader, useReader } from '../reader.ts';
import { formatDate, isoDay } from '../text/format-date.ts';
import { Message } from './message.tsx';

/** A channel: its name, and its messages by days. Who looks at it has read it. */
export function Channel({
  channel,
  api,
  ask,
}: {
  channel: ShownChannel;
  api: Api;
  ask: (question: Confirm) => Promise<boolean>;
}) {
  const reader = useReader();
  const { id, name, isPrivate, messages, unread } = channel;
  const last = messages.at(-1)?.ts;
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    // What goes wrong here only leaves the count as it is.
    if (unread > 0) api.post('read', { channel: id }).catch(() => undefined);
  }, [api, id, unread]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes to the end for a new message, and only then
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [id, last]);

  return (
    <main className="channel" aria-label={`Channel ${name}`}>
      <header className="channel-header">
        <h2>
          {isPrivate ? '🔒 ' : '# '}
          {name}
        </h2>
      </header>
      <div ref={list} className="messages" role="log" aria-label={`Messages in ${name}`}>
        {messages.length === 0 && (
          <div className="beginning">
            <h3>This is the very beginning of #{name}</h3>
            <p>
              Nothing was posted here yet. Connect the channel on the board at the right, and post an event.
            </p>
          </div>
        )}
        {byDay(messages, reader).map(({ title, messages: ofDay }) => (
          <section key={ofDay[0]?.ts} aria-label={title}>
            <div className="day">
              <span>{title}</span>
            </div>
            {ofDay.map((message) => (
              <Message key={message.ts} message={message} api={api} ask={ask} />
            ))}
          </section>
        ))}
      </div>
    </main>
  );
}

type Day = { day: string; title: string; messages: ShownMessage[] };

function byDay(messages: readonly ShownMessage[], reader: Reader): Day[] {
  const days: Day[] = [];
  for (const message of messages) {
    const day = isoDay(message.at, reader.timeZone);
    const open = days.at(-1);
    if (open?.day === day) open.messages.push(message);
    else days.push({ day, title: formatDate(message.at, '{date_long_pretty}', reader), messages: [message] });
  }
  return days;
}
