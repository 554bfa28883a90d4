import type { Actionable, Confirmable } from '@slack/types';
import { useState } from 'react';
import { type Choice, initialValue, type Json } from '../../../slack/element-values.ts';
import type { ElementAddress } from '../api.ts';
import { usePlace } from './place.ts';

/** What every element's component is given. */
export type ElementProps<Element> = {
  element: Element;
  blockId: string;
  /** Whether using it tells the app at once; else it only keeps what was chosen, for the submission. */
  tells: boolean;
  /** The id of the label that names it, where there is one. */
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
};

/** An element in use. */
type ElementInUse = {
  /** Its value in the form that payloads have, at first. */
  first: Json;
  /** Uses it: the app is told where the element tells. @returns false where the person was asked and is not sure */
  use(choice?: Choice): Promise<boolean>;
  /** Keeps what is typed, and tells nobody. */
  keep(choice: Choice): void;
  /** Options of the app's for what was typed. */
  suggest<Option>(query: string): Promise<Option[]>;
  /** The app was told and has not answered yet. */
  isPending: boolean;
  /** The app did not take the last one. */
  isTrouble: boolean;
};

/** What an element does with the clicks and keys of its component. */
export function useElement({
  element,
  blockId,
  tells,
}: {
  element: Actionable & Confirmable & { type: string };
  blockId: string;
  tells: boolean;
}): ElementInUse {
  const { api, on, attachment, values, ask, onEdit } = usePlace();
  const [pending, setPending] = useState(0);
  const [isTrouble, setTrouble] = useState(false);
  const { action_id: actionId = '' } = element;
  const address: ElementAddress = { on, blockId, actionId, ...(attachment !== undefined && { attachment }) };
  const isView = on === 'home' || on === 'modal';

  async function tell(choice: Choice | undefined): Promise<void> {
    setPending((count) => count + 1);
    try {
      const body = { ...address, ...(choice !== undefined && { choice }) };
      const { trouble } = await api.post<{ trouble: boolean }>('click', body);
      setTrouble(trouble);
    } catch {
      setTrouble(true);
    } finally {
      setPending((count) => count - 1);
    }
  }

  return {
    first: values?.[blockId]?.[actionId] ?? initialValue({ ...element }) ?? {},
    isPending: pending > 0,
    isTrouble,
    async use(choice) {
      onEdit?.(blockId);
      if (!tells) {
        if (isView && choice !== undefined) api.enter({ ...address, choice });
        return true;
      }
      if (element.confirm !== undefined && !(await ask(element.confirm))) return false;
      void tell(choice);
      return true;
    },
    keep(choice) {
      onEdit?.(blockId);
      if (isView) api.enter({ ...address, choice });
    },
    async suggest<Option>(query: string) {
      const answer = await api.post<{ trouble: boolean; options: Option[] }>('suggest', {
        ...address,
        query,
      });
      setTrouble(answer.trouble);
      return answer.options;
    },
  };
}
