import type { Confirm } from '@slack/types';
import { createContext, useContext } from 'react';
import type { StateValues } from '../../../slack/element-values.ts';
import type { Api } from '../api.ts';

/** Where blocks are, and what their elements can do. */
export type Place = {
  api: Api;
  /** A message's `ts`, the Home tab, or the topmost modal. */
  on: string;
  /** The attachment, from 1. */
  attachment?: number;
  /** Previously filled in values; a message keeps none. */
  values?: StateValues;
  /** Errors of inputs by `block_id`. */
  errors?: Record<string, string>;
  /** Called when something is typed or chosen in a block, which outdates its error. */
  onEdit?: (blockId: string) => void;
  /** Asks the person to confirm. */
  ask: (question: Confirm) => Promise<boolean>;
};

export const PlaceContext = createContext<Place | undefined>(undefined);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === undefined) throw new Error('blocks need a message or a view around them');
  return place;
}
