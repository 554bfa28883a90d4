import type { Confirm } from '@slack/types';
import { createContext, useContext } from 'react';
import type { StateValues } from '../../../slack/element-values.ts';
import type { Api } from '../api.ts';

/** Where blocks stand, and what can be done with their elements. */
export type Place = {
  api: Api;
  /** A message's `ts`, the Home tab, or the topmost modal. */
  on: string;
  /** The attachment, from 1. */
  attachment?: number;
  /** What was filled in before; a message keeps nothing. */
  values?: StateValues;
  /** What is wrong with the inputs, by `block_id`. */
  errors?: Record<string, string>;
  /** Called when something is typed or chosen in a block, and its error is out of date. */
  onEdit?: (blockId: string) => void;
  /** Asks the person whether they are sure. */
  ask: (question: Confirm) => Promise<boolean>;
};

export const PlaceContext = createContext<Place | undefined>(undefined);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === undefined) throw new Error('blocks stand in a message or a view');
  return place;
}
