import type { Overflow as OverflowElement } from '@slack/types';
import { useRef, useState } from 'react';
import { Text } from '../text/text.tsx';
import { Popup } from './popup.tsx';
import { type ElementProps, useElement } from './use-element.ts';
import { Warning } from './warning.tsx';

export function Overflow({ element, blockId }: ElementProps<OverflowElement>) {
  const { use, isPending, isTrouble } = useElement({ element, blockId, notifiesApp: true });
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  return (
    <span className="element">
      <button
        ref={button}
        type="button"
        className="button overflow"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-busy={isPending}
        disabled={isPending}
        data-action-id={element.action_id}
        onClick={() => setOpen(!isOpen)}
      >
        {isPending ? <span className="spinner" aria-hidden="true" /> : '⋯'}
      </button>
      {isOpen && (
        <Popup anchor={button} onClose={close}>
          <div role="menu" aria-label="More actions" onKeyDown={moveFocus}>
            {element.options.map((option, index) => (
              <button
                key={option.value}
                // The keyboard continues from the first entry.
                ref={(entry) => void (index === 0 && entry?.focus())}
                type="button"
                role="menuitem"
                className="entry"
                onClick={() => {
                  close();
                  if (option.url !== undefined) window.open(option.url, '_blank', 'noreferrer');
                  void use(option.value ?? '');
                }}
              >
                <Text of={option.text} />
                {option.description !== undefined && (
                  <small>
                    <Text of={option.description} />
                  </small>
                )}
              </button>
            ))}
          </div>
        </Popup>
      )}
      {isTrouble && <Warning />}
    </span>
  );
}

function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = entries.findIndex((entry) => entry.matches(':focus'));
  entries.at((at + step) % entries.length)?.focus();
}
