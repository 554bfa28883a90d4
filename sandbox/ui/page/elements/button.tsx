import type { Button as ButtonElement } from '@slack/types';
import { Text } from '../text/text.tsx';
import { type ElementProps, useElement } from './use-element.ts';
import { Warning } from './warning.tsx';

/** One with a URL opens it in a new tab and notifies the app as well. */
export function Button({ element, blockId }: ElementProps<ButtonElement>) {
  const { use, isPending, isTrouble } = useElement({ element, blockId, notifiesApp: true });
  const shared = {
    className: `button ${element.style ?? ''}`,
    'aria-label': element.accessibility_label,
    'data-action-id': element.action_id,
    'data-pending': isPending || undefined,
  };
  return (
    <span className="element">
      {element.url === undefined ? (
        <button
          type="button"
          {...shared}
          aria-busy={isPending}
          disabled={isPending}
          onClick={() => void use()}
        >
          <Text of={element.text} />
          {isPending && <span className="spinner" aria-hidden="true" />}
        </button>
      ) : (
        <a {...shared} href={element.url} target="_blank" rel="noreferrer" onClick={() => void use()}>
          <Text of={element.text} />
        </a>
      )}
      {isTrouble && <Warning />}
    </span>
  );
}
