import type { ShownChannel, Snapshot } from '../../snapshot.ts';
import type { Api } from '../api.ts';
import { switchUser } from '../use-page-state.ts';
import { Clock } from './clock.tsx';
import { Faults } from './faults.tsx';
import { Perly } from './perly.tsx';
import { Refusals } from './refusals.tsx';
import { Switch } from './switch.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export function Board({
  snapshot,
  channel,
  api,
  problem,
}: {
  snapshot: Snapshot;
  channel: ShownChannel | undefined;
  api: Api;
  problem: string | undefined;
}) {
  const { viewedAs, viewers, board, refusals } = snapshot;
  return (
    <aside className="board" aria-label="Board">
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <section className="who" aria-label="View as">
        <Switch label="You are" choices={viewers} value={viewedAs} onChange={switchUser} />
        <ThemeSwitch />
      </section>
      <Clock api={api} ahead={snapshot.ahead} />
      {board.length > 0 && <Perly buttons={board} api={api} />}
      <Refusals refusals={refusals} />
      <Faults api={api} channel={channel} />
    </aside>
  );
}
