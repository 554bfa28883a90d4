import type { Actionable, Confirmable } from '@slack/types';
import { useState } from 'react';
import { type Choice, initialValue, type Json } from '../../../slack/element-values.ts';
import type { ElementAddress } from '../api.ts';
import { usePlace } from './place.ts';

export type ElementProps<Element> = {
  element: Element;
  blockId: string;
  /** Otherwise the value is kept for the submission. */
  notifiesApp: boolean;
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
};

type ElementInUse = {
  /** In payload form. */
  first: Json;
  /** Tells the app if the element does so. @returns false if the person did not confirm */
  use(choice?: Choice): Promise<boolean>;
  /** Does not tell the app. */
  keep(choice: Choice): void;
  suggest<Option>(query: string): Promise<Option[]>;
  isPending: boolean;
  /** The app did not acknowledge the last use. */
  isTrouble: boolean;
};

export function useElement({
  element,
  blockId,
  notifiesApp,
}: {
  element: Actionable & Confirmable & { type: string };
  blockId: string;
  notifiesApp: boolean;
}): ElementInUse {
  const { api, on, attachment, values, ask, onEdit } = usePlace();
  const [pending, setPending] = useState(0);
  const [isTrouble, setTrouble] = useState(false);
  const { action_id: actionId = '' } = element;
  const address: ElementAddress = { on, blockId, actionId, ...(attachment !== undefined && { attachment }) };
  const isView = on === 'home' || on === 'modal';

  async function send(choice: Choice | undefined): Promise<void> {
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
      if (!notifiesApp) {
        if (isView && choice !== undefined) api.enter({ ...address, choice });
        return true;
      }
      if (element.confirm !== undefined && !(await ask(element.confirm))) return false;
      void send(choice);
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
