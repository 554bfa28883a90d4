import type { Confirm } from '@slack/types';
import { createContext, useContext } from 'react';
import type { StateValues } from '../../../slack/element-values.ts';
import type { Api } from '../api.ts';

export type Place = {
  api: Api;
  /** A message's `ts`, the Home tab, or the topmost modal. */
  on: string;
  /** From 1. */
  attachment?: number;
  /** A message keeps none. */
  values?: StateValues;
  /** By `block_id`. */
  errors?: Record<string, string>;
  /** When something is typed or chosen in a block, its error is outdated. */
  onEdit?: (blockId: string) => void;
  ask: (question: Confirm) => Promise<boolean>;
};

export const PlaceContext = createContext<Place | undefined>(undefined);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === undefined) throw new Error('blocks need a message or a view around them');
  return place;
}
