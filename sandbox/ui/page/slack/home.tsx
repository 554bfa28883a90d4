import type { Confirm } from '@slack/types';
import { useEffect, useState } from 'react';
import type { ShownView } from '../../snapshot.ts';
import type { Api } from '../api.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { PlaceContext } from '../elements/place.ts';
import { useReader } from '../reader.ts';
import { AppIcon } from './app-icon.tsx';

/** Notifies the app each time it is opened. */
export function Home({
  view,
  api,
  ask,
}: {
  view: ShownView | undefined;
  api: Api;
  ask: (question: Confirm) => Promise<boolean>;
}) {
  const { app } = useReader();
  const [answer, setAnswer] = useState<'waiting' | 'fine' | 'trouble'>('waiting');

  useEffect(() => {
    api.post<{ trouble: boolean }>('open-home').then(
      ({ trouble }) => setAnswer(trouble ? 'trouble' : 'fine'),
      () => setAnswer('trouble'),
    );
  }, [api]);

  return (
    <main className="home" aria-label={`${app}, Home`}>
      <header className="channel-header">
        <h2>
          <AppIcon /> {app}
        </h2>
        <div className="tabs">
          <span aria-current="page">Home</span>
        </div>
      </header>
      <div className="home-body" data-testid="home">
        {view === undefined ? (
          <p className="beginning">{emptyHome(app, answer)}</p>
        ) : (
          <PlaceContext value={{ api, on: 'home', values: view.values, ask }}>
            <Blocks key={view.id} blocks={view.blocks} />
          </PlaceContext>
        )}
      </div>
    </main>
  );
}

function emptyHome(app: string, answer: 'waiting' | 'fine' | 'trouble'): string {
  if (answer === 'trouble')
    return `${app} did not take the event app_home_opened: see “Slack refused” at the right.`;
  return answer === 'waiting' ? 'Loading…' : `${app} has published nothing on its Home tab.`;
}
