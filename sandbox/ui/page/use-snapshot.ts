import { useEffect, useState } from 'react';
import type { Snapshot } from '../snapshot.ts';
import type { Api } from './api.ts';

/** `problem`: the local Slack is not reachable. */
export function useSnapshot(api: Api): { snapshot: Snapshot | undefined; problem: string | undefined } {
  const [snapshot, setSnapshot] = useState<Snapshot>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    let isStale = false;
    let isLooking = false;
    let isOver = false;

    async function look(): Promise<void> {
      isStale = true;
      if (isLooking) return;
      isLooking = true;
      while (isStale && !isOver) {
        isStale = false;
        try {
          const seen = await api.snapshot();
          if (isOver) break;
          setSnapshot(seen);
          setProblem(undefined);
        } catch (error) {
          if (!isOver) setProblem(error instanceof Error ? error.message : String(error));
        }
      }
      isLooking = false;
    }

    const changes = new EventSource('/api/changes');
    changes.onmessage = () => void look();
    changes.onerror = () => setProblem('The demo has stopped. Start it again with npm run demo.');
    return () => {
      isOver = true;
      changes.close();
    };
  }, [api]);

  return { snapshot, problem };
}
