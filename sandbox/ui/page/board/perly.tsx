import { useState } from 'react';
import type { BoardButton } from '../../snapshot.ts';
import type { Api } from '../api.ts';
import { Outcome } from './outcome.tsx';

type Answer = { status: number; body: string; eventId?: string };

export function Perly({ buttons, api }: { buttons: readonly BoardButton[]; api: Api }) {
  const [answer, setAnswer] = useState<Answer | 'waiting'>();

  async function press(id: string): Promise<void> {
    setAnswer('waiting');
    try {
      setAnswer(await api.post<Answer>('perly-event', { id }));
    } catch (error) {
      setAnswer({ status: 0, body: String(error) });
    }
  }
  return (
    <section aria-labelledby="perly-title">
      <h2 id="perly-title">Perly</h2>
      <div className="buttons">
        <a
          className="button primary"
          href="/settings/notifications/slack/connect"
          target="_blank"
          rel="noreferrer"
        >
          Connect Slack
        </a>
        <a className="button" href="/app-directory" target="_blank" rel="noreferrer">
          Install from the App Directory
        </a>
      </div>
      {[...new Set(buttons.map(({ group }) => group))].map((group) => (
        <fieldset key={group}>
          <legend>{group}</legend>
          <div className="buttons">
            {buttons
              .filter((button) => button.group === group)
              .map(({ id, label }) => (
                <button key={id} type="button" className="button" onClick={() => void press(id)}>
                  {label}
                </button>
              ))}
          </div>
        </fieldset>
      ))}
      <output className="answer" data-testid="answer" aria-label="The app's answer">
        {answer === undefined && 'Press a button: the event is posted to the app, signed.'}
        {answer === 'waiting' && 'Posting…'}
        {typeof answer === 'object' && (
          <>
            <strong data-good={answer.status === 202}>
              {answer.status === 0 ? 'No answer' : answer.status}
            </strong>{' '}
            <code>{answer.body}</code>
          </>
        )}
      </output>
      {typeof answer === 'object' && answer.status === 202 && answer.eventId !== undefined && (
        <Outcome key={answer.eventId} eventId={answer.eventId} api={api} />
      )}
    </section>
  );
}
