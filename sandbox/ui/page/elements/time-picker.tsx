import type { Timepicker } from '@slack/types';
import { useState } from 'react';
import { Combobox } from './combobox.tsx';
import type { ListItem } from './list-items.ts';
import { type ElementProps, useElement } from './use-element.ts';
import { readTime, writeTime } from './wall-time.ts';
import { Warning } from './warning.tsx';

const halfHours = Array.from({ length: 48 }, (_, index) => toItem(index * 30));

/** Half hours to choose from, and any other to type. */
export function TimePicker({
  element,
  blockId,
  notifiesApp,
  labelledBy,
  describedBy,
}: ElementProps<Timepicker>) {
  const { first, use, isPending, isTrouble } = useElement({ element, blockId, notifiesApp });
  const [chosen, setChosen] = useState(() => {
    const minutes = readTime(String(first.selected_time));
    return minutes === undefined ? [] : [toItem(minutes)];
  });
  const [query, setQuery] = useState('');

  const typed = readTime(query);
  const matching = halfHours.filter(({ label }) => label.toLowerCase().startsWith(query.toLowerCase()));
  const items = matching.length === 0 && typed !== undefined ? [toItem(typed)] : matching;

  async function onChange(next: ListItem[]): Promise<void> {
    const before = chosen;
    setChosen(next);
    if (!(await use(next[0]?.value ?? null))) setChosen(before);
  }
  return (
    <span className="element select time">
      <Combobox
        items={items}
        chosen={chosen}
        isMany={false}
        placeholder={element.placeholder?.text ?? 'Select a time'}
        hint="Not a time of day"
        isBusy={isPending}
        actionId={element.action_id}
        labelledBy={labelledBy}
        describedBy={describedBy}
        onQuery={setQuery}
        onChange={(next) => void onChange(next)}
      />
      {isTrouble && <Warning />}
    </span>
  );
}

function toItem(minutes: number): ListItem {
  return writeTime(minutes);
}
