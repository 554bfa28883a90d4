import type { PerlyEvent } from '../../src/domain/event.ts';
import type { AlertControls, ControlsByEvent } from '../../src/messages/alert-controls.ts';
import { deliveryRef } from '../../src/store/deliveries/document.ts';

const at = new Date('2026-03-02T14:20:00Z');
const until = new Date('2026-03-09T14:20:00Z');

/** Possible effects of people's actions on an alert. */
export const marks = {
  acknowledged: { acknowledged: { by: 'U0MILO00002', at } },
  muted: { muted: { by: 'U0DANA00001', until } },
  both: { acknowledged: { by: 'U0MILO00002', at }, muted: { by: 'U0DANA00001', until } },
} satisfies Record<string, Partial<AlertControls>>;

/** The controls of alerts as the app builds them. @param markOf what was done with the alert at this index */
export function controlsOn(
  events: readonly PerlyEvent[],
  markOf: (index: number) => Partial<AlertControls> = () => ({}),
): ControlsByEvent {
  return new Map(
    events.map(({ id }, index) => [id, { ref: deliveryRef(id), revision: 0, ...markOf(index) }]),
  );
}
