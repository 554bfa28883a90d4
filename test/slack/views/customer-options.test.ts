import { expect, test } from 'vitest';
import { customerOptions } from '../../../src/slack/views/customer-options.ts';

const read = (customers: { id: string; name: string }[]) =>
  customerOptions(customers).map(({ text, value }) => [text.text, value]);

test('all customers come first, and those with the same name are told apart', () => {
  expect(
    read([
      { id: 'cus_1', name: 'Acme' },
      { id: 'cus_2', name: 'Globex' },
      { id: 'cus_3', name: 'Acme' },
    ]),
  ).toEqual([
    ['All customers', '*'],
    ['Acme (cus_1)', 'cus_1'],
    ['Globex', 'cus_2'],
    ['Acme (cus_3)', 'cus_3'],
  ]);
});

test('names that differ only in what is not shown are told apart, too', () => {
  const long = 'n'.repeat(80);
  const labels = read([
    { id: 'cus_1', name: 'Acme Corp' },
    { id: 'cus_2', name: 'Acme  Corp\u200B' },
    { id: 'cus_3', name: `${long} one` },
    { id: 'cus_4', name: `${long} two` },
  ]).map(([label]) => label);
  const cut = `${'n'.repeat(66)}…`;
  expect(labels.slice(1)).toEqual([
    'Acme Corp (cus_1)',
    'Acme Corp (cus_2)',
    `${cut} (cus_3)`,
    `${cut} (cus_4)`,
  ]);
});

test('Slack takes the options of any customers, and no two are alike', () => {
  const ids = ['*', '#a', 'x'.repeat(128), `${'x'.repeat(127)}y`];
  const options = read(ids.map((id) => ({ id, name: 'n'.repeat(300) })));
  expect(new Set(options.map(([, value]) => value)).size).toBe(5);
  for (const [label, value] of options) {
    expect(label?.length).toBeLessThanOrEqual(75);
    expect(value?.length).toBeLessThanOrEqual(75);
  }
  expect(
    read(Array.from({ length: 200 }, (_, index) => ({ id: `${index}`, name: `${index}` }))),
  ).toHaveLength(100);
});
