import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { account } from '../../sandbox/demo/start-demo.ts';
import { readSample } from '../../sandbox/perly/read-sample.ts';
import { test } from './support/test.ts';

const england = '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}';

const names = [
  'acme_corp',
  'Support 10:30',
  '*Starlight*',
  `England ${england}`,
  'שלום בע"מ',
  'شركة المثال 24',
];

/** Returns the text that a person copies by dragging over the name. */
function copied(name: Locator): Promise<string> {
  return name.evaluate((element) => {
    const range = element.ownerDocument.createRange();
    range.selectNodeContents(element);
    const selection = element.ownerDocument.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    return selection?.toString() ?? '';
  });
}

test('a customer’s name can be copied and found unchanged, and stands before its headline', async ({
  sandbox,
}) => {
  const { demo } = sandbox;
  await sandbox.connect('#customer-health');
  const dana = await sandbox.open('dana');
  const sample = readSample('seed-example', demo.config.perly.appUrl);
  for (const [index, name] of names.entries()) {
    const customer = { ...sample.customer, id: `cus_${index}`, name };
    const event = { ...sample, id: `evt_name_${index}`, account_id: account.id, customer };
    expect((await demo.perly.post(event)).status).toBe(202);
    const messages = await dana.channel('customer-health');
    const link = messages.getByRole('link', { name, exact: true });
    await link.waitFor();
    expect(await copied(link)).toBe(name);
    const found = await dana.page.evaluate(`window.find(${JSON.stringify(name)}, false, false, true)`);
    expect(found).toBe(true);
    const title = await link.boundingBox();
    const headline = await messages
      .filter({ hasText: name })
      .getByText('Health score dropped to 32 (-18)')
      .boundingBox();
    // The isolates keep the order of the line: the name on the left, the headline on its right.
    expect((headline?.x ?? 0) + (headline?.width ?? 0)).toBeGreaterThan(
      (title?.x ?? 0) + (title?.width ?? 0),
    );
  }
});
