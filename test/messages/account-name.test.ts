import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distinguishAccount, distinguishAccounts, toAccountLabel } from '../../src/messages/account-name.ts';

const acme = { accountId: 'acct_1', accountName: 'Acme' };

test.each([
  ['the same name', 'Acme', ['Acme (acct_1)', 'Acme (acct_2)']],
  ['a name in other letters', 'ＡＣＭＥ', ['Acme (acct_1)', 'ＡＣＭＥ (acct_2)']],
  ['a name with what shows nothing', 'Ac\u200Bme', ['Acme (acct_1)', 'Acme (acct_2)']],
  ['another name', 'Globex', ['Acme', 'Globex']],
  ['no name', null, ['Acme', 'acct_2']],
])('beside %s', (_, accountName, labels) => {
  const accounts = [acme, { accountId: 'acct_2', accountName }];
  expect(distinguishAccounts(accounts).map(toAccountLabel)).toEqual(labels);
});

test('one account that is listed twice is one', () => {
  expect(distinguishAccount(acme, [acme])).toEqual(acme);
  expect(distinguishAccount(acme, [{ ...acme, accountName: 'Acme Inc.' }])).toEqual(acme);
});

test('for any names, accounts whose ids are short enough to be shown have different labels', () => {
  const id = fc.string({ unit: fc.constantFrom('a', 'b', '_', '1'), minLength: 1, maxLength: 44 });
  const name = fc.constantFrom('Acme', 'ACME', 'A'.repeat(200), 'A&<'.repeat(60), null);
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 5 }), fc.array(name), (ids, names) => {
      const accounts = ids.map((accountId, index) => ({ accountId, accountName: names[index] ?? null }));
      const labels = distinguishAccounts(accounts).map(toAccountLabel);
      expect(new Set(labels).size).toBe(ids.length);
    }),
  );
});
