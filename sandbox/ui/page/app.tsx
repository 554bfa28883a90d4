import { useMemo } from 'react';
import { createApi } from './api.ts';
import { Board } from './board/board.tsx';
import { ReaderContext } from './reader.ts';
import { Channel } from './slack/channel.tsx';
import { ConfirmDialog } from './slack/confirm-dialog.tsx';
import { Home } from './slack/home.tsx';
import { Modal } from './slack/modal.tsx';
import { Sidebar } from './slack/sidebar.tsx';
import { useConfirm } from './slack/use-confirm.ts';
import { usePageState } from './use-page-state.ts';
import { useSnapshot } from './use-snapshot.ts';

export function App() {
  const { user, timeZone, place } = usePageState();
  const api = useMemo(() => createApi(user), [user]);
  const { snapshot, problem } = useSnapshot(api);
  const { asked, ask } = useConfirm();

  if (snapshot === undefined) return <p className="starting">{problem ?? 'Loading…'}</p>;

  const { you, people, channels, app, now, home, modals } = snapshot;
  const channel = channels.find(({ name }) => name === place) ?? channels[0];
  const isHome = place === 'home';
  const modal = modals.at(-1);
  return (
    <ReaderContext value={{ you, people, channels, app, now, timeZone }}>
      <div className="slack">
        <div className="workspace" inert={modal !== undefined || asked !== undefined}>
          <Sidebar snapshot={snapshot} place={isHome ? 'home' : (channel?.name ?? '')} />
          {isHome && <Home key={you.id} view={home} api={api} ask={ask} />}
          {!isHome && channel !== undefined && (
            <Channel key={`${you.id} ${channel.id}`} channel={channel} api={api} ask={ask} />
          )}
        </div>
        {modal !== undefined && (
          <div inert={asked !== undefined}>
            <Modal key={modal.id} view={modal} depth={modals.length} api={api} ask={ask} />
          </div>
        )}
        {asked !== undefined && <ConfirmDialog question={asked.question} onAnswer={asked.answer} />}
      </div>
      <Board snapshot={snapshot} channel={isHome ? undefined : channel} api={api} problem={problem} />
    </ReaderContext>
  );
}
