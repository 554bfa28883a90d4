import type { Snapshot } from '../../snapshot.ts';
import type { Api } from '../api.ts';
import { switchUser } from '../use-page-state.ts';
import { Clock } from './clock.tsx';
import { Perly } from './perly.tsx';
import { Refusals } from './refusals.tsx';
import { ThemeButton } from './theme-button.tsx';

/** What stands beside Slack, for the developer: who looks, what time it is, Perly's events, and what Slack refused. */
export function Board({
  snapshot,
  api,
  problem,
}: {
  snapshot: Snapshot;
  api: Api;
  problem: string | undefined;
}) {
  const { you, people, board, refusals } = snapshot;
  return (
    <aside className="board" aria-label="Board">
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <section className="who" aria-label="Who looks">
        <label>
          You are{' '}
          <select value={you.name} onChange={({ target }) => switchUser(target.value)}>
            {people.map(({ id, name, realName }) => (
              <option key={id} value={name}>
                {realName}
              </option>
            ))}
          </select>
        </label>
        <ThemeButton />
      </section>
      <Clock api={api} ahead={snapshot.ahead} />
      {board.length > 0 && <Perly buttons={board} api={api} />}
      <Refusals refusals={refusals} />
    </aside>
  );
}
