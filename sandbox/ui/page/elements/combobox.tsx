import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { ListEntry } from './list-entry.tsx';
import type { ListItem } from './list-items.ts';
import { Popup } from './popup.tsx';

/** @param props.hint shown instead of an empty list */
export function Combobox(props: {
  items: readonly ListItem[];
  chosen: readonly ListItem[];
  isMany: boolean;
  placeholder: string;
  hint: string;
  isBusy: boolean;
  actionId: string | undefined;
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  /** Also called with an empty text when the list opens. */
  onQuery: (query: string) => void;
  onChange: (chosen: ListItem[]) => void;
}) {
  const { items, chosen, isMany, onQuery, onChange } = props;
  const [isOpen, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const field = useRef<HTMLSpanElement>(null);
  const listId = useId();
  const isChosen = ({ value }: ListItem) => chosen.some((one) => one.value === value);

  const ask = (text: string) => {
    setQuery(text);
    setAt(0);
    onQuery(text);
  };
  const open = () => {
    if (isOpen) return;
    setOpen(true);
    ask('');
  };
  const close = () => {
    setOpen(false);
    setQuery('');
  };
  const remove = (item: ListItem) => onChange(chosen.filter(({ value }) => value !== item.value));
  const pick = (item: ListItem) => {
    if (isMany && isChosen(item)) remove(item);
    else onChange(isMany ? [...chosen, item] : [item]);
    if (isMany) ask('');
    else close();
  };

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const last = chosen.at(-1);
    if (step !== undefined) {
      event.preventDefault();
      if (isOpen) setAt((at + step + items.length) % Math.max(1, items.length));
      else open();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const item = items[at];
      if (isOpen && item !== undefined) pick(item);
      else open();
    } else if (event.key === 'Backspace' && isMany && query === '' && last !== undefined) remove(last);
    else if (event.key === 'Tab') close();
  }

  const [only] = chosen;
  return (
    <span ref={field} className="combobox" data-action-id={props.actionId} aria-busy={props.isBusy}>
      {isMany &&
        chosen.map((item) => (
          <span key={item.value} className="chip">
            {item.label}
            <button type="button" aria-label={`Remove ${item.label}`} onClick={() => remove(item)}>
              ×
            </button>
          </span>
        ))}
      <input
        type="text"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && items[at] !== undefined ? `${listId}-${at}` : undefined}
        aria-labelledby={props.labelledBy}
        aria-describedby={props.describedBy}
        aria-label={props.labelledBy === undefined ? props.placeholder : undefined}
        placeholder={
          isMany && chosen.length > 0 ? '' : ((isMany ? undefined : only?.label) ?? props.placeholder)
        }
        data-filled={!isMany && only !== undefined && !isOpen}
        value={isOpen || isMany || only === undefined ? query : only.label}
        autoComplete="off"
        onClick={open}
        onChange={({ target }) => {
          setOpen(true);
          ask(target.value);
        }}
        onKeyDown={onKeyDown}
      />
      {props.isBusy ? (
        <span className="spinner" aria-hidden="true" />
      ) : (
        <span className="arrow" aria-hidden="true" />
      )}
      {isOpen && (
        <Popup anchor={field} onClose={close}>
          <div role="listbox" id={listId} aria-multiselectable={isMany}>
            {items.map((item, index) => (
              <ListEntry
                key={item.value}
                id={`${listId}-${index}`}
                item={item}
                heading={item.group === items[index - 1]?.group ? undefined : item.group}
                isChosen={isChosen(item)}
                isCurrent={index === at}
                onPick={() => pick(item)}
              />
            ))}
          </div>
          {items.length === 0 && <p className="hint">{props.hint}</p>}
        </Popup>
      )}
    </span>
  );
}
