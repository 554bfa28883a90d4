import type { Api } from '../api.ts';
import { useReader } from '../reader.ts';
import { formatDate } from '../text/format-date.ts';
import { hourMs } from '../time.ts';
import { msToMonday } from './ms-to-monday.ts';

export function Clock({ api, ahead }: { api: Api; ahead: number }) {
  const { now, timeZone } = useReader();
  const forward = (ms: number) => void api.post('forward', { ms });
  return (
    <section aria-labelledby="clock-title">
      <h2 id="clock-title">Clock</h2>
      <p className="clock">
        <time data-testid="clock" dateTime={new Date(now).toISOString()}>
          {formatDate(now, '{date_long} {time}', { now, timeZone })}
        </time>
        <small>{timeZone}</small>
      </p>
      <div className="buttons">
        <button type="button" className="button" onClick={() => forward(hourMs)}>
          +1 h
        </button>
        <button type="button" className="button" onClick={() => forward(8 * hourMs)}>
          +8 h
        </button>
        <button type="button" className="button" onClick={() => forward(msToMonday(now, timeZone))}>
          Next Monday 09:00
        </button>
        <button type="button" className="button" disabled={ahead === 0} onClick={() => void api.post('now')}>
          Back to now
        </button>
      </div>
    </section>
  );
}
