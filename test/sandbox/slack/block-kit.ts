/** That many characters. */
export const s = (length: number) => 'x'.repeat(length);
/** That many items. */
export const list = <T>(length: number, item: (index: number) => T) =>
  Array.from({ length }, (_, index) => item(index));
/** A plain_text object. */
export const plain = (text: string) => ({ type: 'plain_text', text });
/** A mrkdwn object. */
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
/** The option of that number. */
export const option = (index: number) => ({ text: plain(`o${index}`), value: `v${index}` });
/** A web address of that many characters. */
export const address = (length: number) => `https://a.example/${s(length - 18)}`;
/** A section, with more fields or others. */
export const section = (more: object = {}) => ({ type: 'section', text: mrkdwn('a'), ...more });
/** A section with an element beside it. */
export const beside = (accessory: object) => section({ accessory });
/** An actions block. */
export const actions = (...elements: object[]) => ({ type: 'actions', elements });
/** A button. */
export const button = (more: object = {}) => ({ type: 'button', text: plain('a'), ...more });
/** A select of one option. */
export const select = (more: object = {}) => ({ type: 'static_select', options: [option(0)], ...more });
/** An input block around an element. */
export const input = (element: object, more: object = {}) => ({
  type: 'input',
  label: plain('a'),
  element,
  ...more,
});
/** A complete confirm dialog, but for what is replaced. */
export const confirm = (more: object) => ({
  title: plain('a'),
  text: plain('a'),
  confirm: plain('a'),
  deny: plain('a'),
  ...more,
});
