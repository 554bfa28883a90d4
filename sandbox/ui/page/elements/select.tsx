import type { MultiSelect, Option, Select as SelectElement } from '@slack/types';
import { useRef, useState } from 'react';
import { useReader } from '../reader.ts';
import { Combobox } from './combobox.tsx';
import { chosenItems, itemsOf, type ListItem, toItem } from './list-items.ts';
import { type ElementProps, useElement } from './use-element.ts';
import { Warning } from './warning.tsx';

/** Of characters, before Slack asks the app. */
const usualMinimum = 3;

/** Of options, of the app's suggestions, of people, of channels; single or multiple. */
export function Select({
  element,
  blockId,
  notifiesApp,
  labelledBy,
  describedBy,
}: ElementProps<SelectElement | MultiSelect>) {
  const inUse = useElement({ element, blockId, notifiesApp });
  const reader = useReader();
  const isMany = element.type.startsWith('multi_');
  const own = itemsOf(element, reader);
  const [chosen, setChosen] = useState(() => chosenItems(inUse.first, own));
  const [query, setQuery] = useState('');
  const [suggested, setSuggested] = useState<ListItem[]>([]);
  const [isAsking, setAsking] = useState(false);
  const asked = useRef('');

  const isExternal = element.type === 'external_select' || element.type === 'multi_external_select';
  const minimum = isExternal ? (element.min_query_length ?? usualMinimum) : 0;
  const isTooShort = query.length < minimum;

  async function onQuery(text: string): Promise<void> {
    setQuery(text);
    setSuggested([]);
    asked.current = text;
    if (!isExternal || text.length < minimum) return;
    setAsking(true);
    const options = await inUse.suggest<Option>(text).catch(() => []);
    // A late answer does not belong to the present text.
    if (asked.current !== text) return;
    setSuggested(options.map((option) => toItem(option)));
    setAsking(false);
  }

  async function onChange(items: ListItem[]): Promise<void> {
    const limit = 'max_selected_items' in element ? element.max_selected_items : undefined;
    if (limit !== undefined && items.length > limit) return;
    const before = chosen;
    setChosen(items);
    const values = items.map(({ value }) => value);
    if (!(await inUse.use(isMany ? values : (values[0] ?? null)))) setChosen(before);
  }

  const found = own.filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()));
  const hint = isTooShort ? `Type ${minimum} or more characters` : isAsking ? 'Loading…' : 'No results';
  return (
    <span className="element select">
      <Combobox
        items={isExternal ? suggested : found}
        chosen={chosen}
        isMany={isMany}
        placeholder={element.placeholder?.text ?? (isMany ? 'Select some options' : 'Select an option')}
        hint={hint}
        isBusy={inUse.isPending}
        actionId={element.action_id}
        labelledBy={labelledBy}
        describedBy={describedBy}
        onQuery={(text) => void onQuery(text)}
        onChange={(items) => void onChange(items)}
      />
      {inUse.isTrouble && <Warning />}
    </span>
  );
}
