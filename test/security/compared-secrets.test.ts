import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(`${src}${file}`, 'utf8') }));

/** The files that compare untrusted input with a secret, and the constant-time comparison that each uses. */
const comparisons: Record<string, RegExp> = {
  'perly/standard-webhooks.ts': /timingSafeEqual\(one, expected\)/,
  'slack/request-guard/slack-signature.ts': /timingSafeEqual\(given, expected\)/,
  // jose verifies with WebCrypto.
  'lib/perly-token.ts': /await jwtVerify\(/,
  'lib/signed-tokens.ts': /await jwtVerify\(/,
  // AES-GCM's tag, by OpenSSL.
  'store/keyring.ts': /\.setAuthTag\(/,
};

test.each(Object.entries(comparisons))('%s compares in constant time', (file, how) => {
  expect(sources.find((source) => source.file === file)?.text).toMatch(how);
});

test('no other file makes a signature to compare it with another', () => {
  const makers = sources.filter(({ text }) =>
    /createHmac\(|jwtVerify\(|createDecipheriv\(|\.verify\(/.test(text),
  );
  const known = [
    ...Object.keys(comparisons),
    ...['browser-person', 'link-route', 'slack-links', 'state-store'].map(callerOfTokens),
  ];
  expect(makers.map(({ file }) => file).filter((file) => !known.includes(file))).toEqual([]);
});

/** Files that use signed-tokens.ts. */
function callerOfTokens(name: string): string {
  return `slack/install/${name}.ts`;
}

test('no secret, signature or MAC is compared with ===', () => {
  const byEquals =
    /(?:secret|signature|hmac|mac|authTag)\w*\s*[!=]==|[!=]==\s*\w*(?:secret|signature|hmac|authTag)\b/i;
  const guilty = sources.flatMap(({ file, text }) =>
    text
      .split('\n')
      .filter((line) => byEquals.test(line) && !/=== (?:undefined|'')/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(guilty).toEqual([]);
});
