import type { KeyboardEvent } from 'react';

/** For the Tab key. */
export function keepFocusInside(event: KeyboardEvent, dialog: HTMLElement | null): void {
  if (event.key !== 'Tab' || dialog === null) return;
  const all = [...dialog.querySelectorAll<HTMLElement>('a, button, input, textarea')].filter(
    (one) => !one.matches(':disabled'),
  );
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  all.at(event.shiftKey ? -1 : 0)?.focus();
}
