import type { Confirm } from '@slack/types';
import { type UIEvent, useEffect, useLayoutEffect, useRef } from 'react';
import type { ShownChannel, ShownMessage } from '../../snapshot.ts';
import type { Api } from '../api.ts';
import { type Reader, useReader } from '../reader.ts';
import { formatDate, isoDay } from '../text/format-date.ts';
import { Message } from './message.tsx';

/** Counts as the end. */
const nearPx = 40;

/** Showing a channel marks it as read. */
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
  const { id, name, isPrivate, sharedWith, messages, unread } = channel;
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);

  useEffect(() => {
    // A failure only leaves the count unchanged.
    if (unread > 0) api.post('read', { channel: id }).catch(() => undefined);
  }, [api, id, unread]);

  // Keeps showing the end if it was shown; otherwise keeps the scroll position.
  useLayoutEffect(() => {
    if (isAtEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  });
  const onScroll = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: UIEvent) => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearPx;
  };

  return (
    <main className="channel" aria-label={`Channel ${name}`}>
      <header className="channel-header">
        <h2>
          {isPrivate ? '🔒 ' : '# '}
          {name}
          {sharedWith.length > 0 && <small className="shared">Shared with {sharedWith.join(', ')}</small>}
        </h2>
      </header>
      <div ref={list} className="messages" role="log" aria-label={`Messages in ${name}`} onScroll={onScroll}>
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
