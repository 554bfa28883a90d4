import type { Replayed } from '../store/deliveries/replay.ts';

export function toRetryText({ alerts, reminders }: Replayed): string {
  if (alerts + reminders === 0) return 'Nothing to retry: none of these has failed.';
  const texts = [
    ...(alerts === 0 ? [] : [`${count(alerts, 'alert')} pending again and will be sent within a minute.`]),
    ...(reminders === 0
      ? []
      : [
          `${count(reminders, 'reminder')} decided again, and will be sent within a minute if the alert is still open.`,
        ]),
  ];
  return texts.join(' ');
}

function count(number: number, what: string): string {
  return number === 1 ? `One ${what} is` : `${number} ${what}s are`;
}
