import type { ListItem } from './list-items.ts';

/** With its group's heading above the first of the group. */
export function ListEntry(props: {
  id: string;
  item: ListItem;
  heading: string | undefined;
  isChosen: boolean;
  isCurrent: boolean;
  onPick: () => void;
}) {
  const { item } = props;
  return (
    <>
      {props.heading !== undefined && <div className="heading">{props.heading}</div>}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys and names the current entry */}
      <div
        id={props.id}
        ref={(entry) => void (props.isCurrent && entry?.scrollIntoView({ block: 'nearest' }))}
        className="entry"
        role="option"
        tabIndex={-1}
        aria-selected={props.isChosen}
        data-current={props.isCurrent}
        // The field keeps the focus.
        onPointerDown={(event) => event.preventDefault()}
        onClick={props.onPick}
      >
        {item.label}
        {item.description !== undefined && <small>{item.description}</small>}
      </div>
    </>
  );
}
