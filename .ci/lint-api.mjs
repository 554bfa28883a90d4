// Lints the description of the API with Redocly's and Spectral's recommended rules; a warning fails. `npm run lint:api`
import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import { describeApi } from '../src/perly/api/openapi.ts';
import { apiOperations } from '../src/perly/api/operations.ts';

const appUrl = 'https://slack.perly.ai';
const perlyAppUrl = 'https://app.perly.ai';
// Nothing is called: operations are only described.
const operations = apiOperations({ perlyAppUrl, installUrl: `${appUrl}/slack/install` });
const source = JSON.stringify(describeApi({ appUrl, perlyAppUrl, operations }));

const config = await createConfig({ extends: ['recommended'] });
const redocly = await lintFromString({ source, config, absoluteRef: 'openapi.json' });
const linter = new spectral.Spectral();
linter.setRuleset(rulesets.oas);
const found = [
  ...redocly.map(({ ruleId, message, location }) => `redocly ${ruleId} ${location[0]?.pointer}: ${message}`),
  ...(await linter.run(JSON.parse(source))).map(
    ({ code, path, message }) => `spectral ${code} ${path.join('/')}: ${message}`,
  ),
];
for (const line of found) process.stderr.write(`${line}\n`);
process.stdout.write(`The description of the API has ${found.length} warnings.\n`);
process.exitCode = found.length === 0 ? 0 : 1;
