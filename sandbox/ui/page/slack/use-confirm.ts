import type { Confirm } from '@slack/types';
import { useCallback, useState } from 'react';

type Asked = { question: Confirm; answer: (isSure: boolean) => void };

/** One question at a time. */
export function useConfirm(): { asked: Asked | undefined; ask: (question: Confirm) => Promise<boolean> } {
  const [asked, setAsked] = useState<Asked>();
  const ask = useCallback(
    (question: Confirm) =>
      new Promise<boolean>((resolve) => {
        const answer = (isSure: boolean) => {
          setAsked(undefined);
          resolve(isSure);
        };
        setAsked({ question, answer });
      }),
    [],
  );
  return { asked, ask };
}
