/** Run by `npm run test:load`, not by `npm test`: they start many processes or stores, wait, or pass through weeks. */
export const heavyFiles = [
  'packages/embedded-mongo/test/folder.test.ts',
  'test/channels/installation-checks.test.ts',
  'test/channels/invalid-tokens.test.ts',
  'test/delivery/serving-without-link.test.ts',
  'test/delivery/weekend.test.ts',
  'test/security/account-comes-back.test.ts',
  'test/security/deletion/workspace.test.ts',
  'test/security/tenancy.test.ts',
  'test/store/reencrypt.test.ts',
];
