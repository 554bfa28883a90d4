import { createContext, useContext } from 'react';
import type { Snapshot } from '../snapshot.ts';
import type { ReaderTime } from './text/format-date.ts';

export type Reader = ReaderTime & Pick<Snapshot, 'you' | 'people' | 'channels' | 'app'>;

export const ReaderContext = createContext<Reader | undefined>(undefined);

export function useReader(): Reader {
  const reader = useContext(ReaderContext);
  if (reader === undefined) throw new Error('nobody reads here');
  return reader;
}
