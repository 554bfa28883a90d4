import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretVariables } from '../src/config/secret-files.ts';
import { configVariables } from '../src/config.ts';
import { startTestApp, type TestApp } from './support/test-app.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ env: { PERLY_APP_URL: 'http://localhost:4000' } });
});
afterAll(() => running.close());

describe('the README and its documents', () => {
  test("the README's setup ends with an alert: its link connects a channel, and its signed example arrives there", async () => {
    const { perly, appUrl } = running.config;
    const env = {
      PATH: process.env.PATH,
      APP_URL: appUrl,
      PERLY_APP_URL: perly.appUrl,
      PERLY_SECRET: perly.secrets[0],
      PERLY_TOKEN_SECRET: perly.tokenSecrets[0],
    };
    const runBlock = async (name: string): Promise<string> => {
      const script = new RegExp(`<!-- test: ${name} .*? -->\\n *\`\`\`sh\\n(.*?)\`\`\``, 's').exec(
        readme,
      )?.[1];
      const { stdout } = await promisify(execFile)('bash', ['-c', (script ?? '').replaceAll(/^ {3}/gm, '')], {
        env,
      });
      return stdout.trim();
    };
    const link = await runBlock('this link');
    expect((await running.slack.install(link, { channel: '#customer-health' })).status).toBe(200);
    const printed = await runBlock('this block');
    expect(printed).toBe('202 {"accepted":1,"duplicates":0,"rejected":[],"warnings":[]}');
    expect(readme).toContain(printed);
    await running.slack.waitForMessages(2);
    expect(JSON.stringify(running.slack.messages().at(-1))).toContain('Acme Corp');
  });

  test('the token of the integration document is accepted', async () => {
    const script =
      /<!-- test: this token .*? -->\n```js\n(.*?)```/s.exec(read('docs/integration.md'))?.[1] ?? '';
    const { stdout } = await promisify(execFile)('node', ['--input-type=module', '--eval', script], {
      env: { PATH: process.env.PATH, PERLY_TOKEN_SECRET: running.config.perly.tokenSecrets[0] },
    });
    const headers = { authorization: `Bearer ${stdout.trim()}` };
    expect((await fetch(`${running.url}/perly/channels`, { headers })).status).toBe(200);
  });

  test('the operations document names every setting, and no other', () => {
    const settings = /## Settings(.*?)\n## /s.exec(read('docs/operations.md'))?.[1] ?? '';
    const named = [...settings.matchAll(/^\| `([A-Z_]+)`( \*)?/gm)];
    expect(named.map(([, name]) => name)).toEqual(configVariables);
    const marked = named.filter(([, , mark]) => mark !== undefined).map(([, name]) => name);
    expect(marked.toSorted()).toEqual(secretVariables.toSorted());
  });
});
