import { useEffect, useRef, useState } from 'react';
import type { ShownRefusal } from '../../snapshot.ts';
import { useReader } from '../reader.ts';
import { formatDate } from '../text/format-date.ts';

const toastMs = 8000;

/** Latest first, and each new one as a toast. */
export function Refusals({ refusals }: { refusals: readonly ShownRefusal[] }) {
  const last = refusals.at(-1);
  const seen = useRef(last?.id ?? 0);
  const [toast, setToast] = useState<ShownRefusal>();

  useEffect(() => {
    if (last === undefined || last.id <= seen.current) return;
    seen.current = last.id;
    setToast(last);
    const timer = setTimeout(() => setToast(undefined), toastMs);
    return () => clearTimeout(timer);
  }, [last]);

  return (
    <section aria-labelledby="refused-title">
      <h2 id="refused-title">
        Slack refused <span data-testid="refusal-count">{refusals.length}</span>
      </h2>
      {refusals.length === 0 && <p className="hint">Nothing yet.</p>}
      <ol className="refusals">
        {refusals.toReversed().map((refusal) => (
          <li key={refusal.id} data-testid="refusal">
            <Refusal refusal={refusal} />
          </li>
        ))}
      </ol>
      {toast !== undefined && (
        <div className="toast" role="alert">
          <Refusal refusal={toast} />
          <button type="button" className="close" aria-label="Dismiss" onClick={() => setToast(undefined)}>
            ×
          </button>
        </div>
      )}
    </section>
  );
}

function Refusal({ refusal }: { refusal: ShownRefusal }) {
  const reader = useReader();
  const { at, where, error, pointer, message, channelName } = refusal;
  return (
    <>
      <div>
        <strong>{error}</strong> {where}
        {channelName !== undefined && ` #${channelName}`} <time>{formatDate(at, '{time_secs}', reader)}</time>
      </div>
      {pointer !== '' && <code>{pointer}</code>}
      {message !== error && <div>{message}</div>}
    </>
  );
}
