export const s = (length: number) => 'x'.repeat(length);
export const list = <T>(length: number, item: (index: number) => T) =>
  Array.from({ length }, (_, index) => item(index));
export const plain = (text: string) => ({ type: 'plain_text', text });
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
export const option = (index: number) => ({ text: plain(`o${index}`), value: `v${index}` });
/** @param length of the URL in characters */
export const address = (length: number) => `https://a.example/${s(length - 18)}`;
export const section = (more: object = {}) => ({ type: 'section', text: mrkdwn('a'), ...more });
export const beside = (accessory: object) => section({ accessory });
export const actions = (...elements: object[]) => ({ type: 'actions', elements });
export const button = (more: object = {}) => ({ type: 'button', text: plain('a'), ...more });
/** With one option. */
export const select = (more: object = {}) => ({ type: 'static_select', options: [option(0)], ...more });
export const input = (element: object, more: object = {}) => ({
  type: 'input',
  label: plain('a'),
  element,
  ...more,
});
/** A valid confirm dialog, unless `more` replaces something. */
export const confirm = (more: object) => ({
  title: plain('a'),
  text: plain('a'),
  confirm: plain('a'),
  deny: plain('a'),
  ...more,
});
