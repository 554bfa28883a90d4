import type { Confirm } from '@slack/types';
import { useEffect, useId, useRef } from 'react';
import { Text } from '../text/text.tsx';
import { keepFocusInside } from './keep-focus-inside.ts';

export function ConfirmDialog({
  question,
  onAnswer,
}: {
  question: Confirm;
  onAnswer: (isSure: boolean) => void;
}) {
  const dialog = useRef<HTMLDivElement>(null);
  const deny = useRef<HTMLButtonElement>(null);
  const titleId = useId();
  useEffect(() => deny.current?.focus(), []);
  return (
    <div className="overlay">
      <div
        ref={dialog}
        className="modal confirm"
        role="alertdialog"
        aria-modal="true"
        aria-labelledby={titleId}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onAnswer(false);
          else keepFocusInside(event, dialog.current);
        }}
      >
        <header>
          <h2 id={titleId}>{question.title?.text ?? 'Are you sure?'}</h2>
        </header>
        <div className="modal-body">
          <Text of={question.text} />
        </div>
        <footer>
          <button ref={deny} type="button" className="button" onClick={() => onAnswer(false)}>
            {question.deny?.text ?? 'Cancel'}
          </button>
          <button
            type="button"
            className={`button filled ${question.style ?? 'primary'}`}
            onClick={() => onAnswer(true)}
          >
            {question.confirm?.text ?? 'Yes'}
          </button>
        </footer>
      </div>
    </div>
  );
}
