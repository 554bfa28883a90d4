import type { Datepicker, DateTimepicker } from '@slack/types';
import { useState } from 'react';
import { minuteMs } from '../time.ts';
import { type ElementProps, useElement } from './use-element.ts';
import { Warning } from './warning.tsx';

/** A time is in the browser's own zone. */
export function DatePicker({
  element,
  blockId,
  notifiesApp,
  labelledBy,
  describedBy,
}: ElementProps<Datepicker | DateTimepicker>) {
  const { first, use, isTrouble } = useElement({ element, blockId, notifiesApp });
  const [text, setText] = useState(() =>
    typeof first.selected_date_time === 'number'
      ? toLocal(first.selected_date_time)
      : String(first.selected_date ?? ''),
  );
  const isDay = element.type === 'datepicker';

  async function change(next: string): Promise<void> {
    const before = text;
    setText(next);
    const choice = next === '' ? null : isDay ? next : Math.floor(new Date(next).getTime() / 1000);
    if (!(await use(choice))) setText(before);
  }
  return (
    <span className="element">
      <input
        className="text-input"
        type={isDay ? 'date' : 'datetime-local'}
        value={text}
        aria-labelledby={labelledBy}
        aria-describedby={describedBy}
        aria-label={labelledBy === undefined ? 'Date' : undefined}
        data-action-id={element.action_id}
        onChange={({ target }) => void change(target.value)}
      />
      {isTrouble && <Warning />}
    </span>
  );
}

/** For the browser's field. */
function toLocal(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * minuteMs).toISOString().slice(0, 16);
}
