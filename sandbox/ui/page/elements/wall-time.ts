/** `09:30` in payloads, `9:30 AM` on the screen. */
export function writeTime(minutes: number): { value: string; label: string } {
  const hour = Math.floor(minutes / 60);
  const minute = String(minutes % 60).padStart(2, '0');
  return {
    value: `${String(hour).padStart(2, '0')}:${minute}`,
    label: `${hour % 12 === 0 ? 12 : hour % 12}:${minute} ${hour < 12 ? 'AM' : 'PM'}`,
  };
}

/** Of `09:30`, `9:30 am` or `9 pm`: minutes after midnight. */
export function readTime(text: string): number | undefined {
  const [, hours, minutes = '0', half] = /^\s*(\d{1,2})(?::(\d{2}))?\s*([ap]m)?\s*$/i.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const hour =
    half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  const isTime = hour < 24 && Number(minutes) < 60 && !(half !== undefined && Number(hours) > 12);
  return isTime ? hour * 60 + Number(minutes) : undefined;
}
