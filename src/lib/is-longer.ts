/** Whether a value has more code points than that, as Perly's other languages count. */
export function isLonger(value: string, maximum: number): boolean {
  if (value.length <= maximum) return false;
  return value.length > maximum * 2 || [...value].length > maximum;
}
