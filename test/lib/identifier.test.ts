import { expect, test } from 'vitest';
import { findIdentifierFault } from '../../src/lib/identifier.ts';

test.each(['\u3164', ' ', '\u00a0\u3000', '\u115f', '\ufe0f', '\u0301', '\u2800', '\t'])(
  '%j is no identifier: it is invisible',
  (value) => {
    expect(findIdentifierFault(value)).toMatch(/^must (?:have a visible|not contain)/);
  },
);

test.each(['a', 'acct 1', '-', 'é', 'हि', '\u3164x', '顧客', '👩‍🚀'.replace('\u200d', '')])(
  '%j is an identifier',
  (value) => {
    expect(findIdentifierFault(value)).toBeUndefined();
  },
);
