import type { Confirm } from '@slack/types';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { ShownView } from '../../snapshot.ts';
import type { Api } from '../api.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { PlaceContext } from '../elements/place.ts';
import { AppIcon } from './app-icon.tsx';
import { keepFocusInside } from './keep-focus-inside.ts';

const noConnection = 'We had some trouble connecting. Try again?';

export function Modal({
  view,
  depth,
  api,
  ask,
}: {
  view: ShownView;
  /** This one included. */
  depth: number;
  api: Api;
  ask: (question: Confirm) => Promise<boolean>;
}) {
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isSending, setSending] = useState(false);
  const dialog = useRef<HTMLDivElement>(null);
  const titleId = useId();

  useEffect(() => {
    const wanted = dialog.current?.querySelector<HTMLElement>('.modal-body :is(input, textarea, button)');
    (wanted ?? dialog.current)?.focus();
  }, []);

  async function submit(): Promise<void> {
    setSending(true);
    try {
      const answer = await api.post<{ errors: Record<string, string> }>('submit');
      setErrors(answer.errors);
    } catch {
      setErrors({ '': noConnection });
    }
    setSending(false);
  }
  const close = (all: boolean) => {
    api.post('close', { all }).catch(() => setErrors({ '': noConnection }));
  };
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') close(false);
    else keepFocusInside(event, dialog.current);
  }

  const place = {
    api,
    on: 'modal',
    values: view.values,
    errors,
    ask,
    onEdit: (blockId: string) => setErrors(({ [blockId]: _old, '': _trouble, ...others }) => others),
  };
  return (
    <div className="overlay">
      <div
        ref={dialog}
        className="modal"
        role="dialog"
        aria-modal="true"
        aria-labelledby={titleId}
        data-testid="modal"
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <header>
            <AppIcon />
            <h2 id={titleId}>{view.title?.text}</h2>
            {depth > 1 && <small>{depth} of 3</small>}
            <button type="button" className="close" aria-label="Close" onClick={() => close(true)}>
              ×
            </button>
          </header>
          <div className="modal-body">
            {errors[''] !== undefined && (
              <p className="trouble-banner" role="alert">
                {errors['']}
              </p>
            )}
            <PlaceContext value={place}>
              <Blocks blocks={view.blocks} />
            </PlaceContext>
          </div>
          <footer>
            <button type="button" className="button" onClick={() => close(false)}>
              {view.close?.text ?? (view.submit === undefined ? 'Close' : 'Cancel')}
            </button>
            {view.submit !== undefined && (
              <button
                type="submit"
                className="button primary filled"
                aria-busy={isSending}
                disabled={isSending}
              >
                {view.submit.text}
                {isSending && <span className="spinner" aria-hidden="true" />}
              </button>
            )}
          </footer>
        </form>
      </div>
    </div>
  );
}
