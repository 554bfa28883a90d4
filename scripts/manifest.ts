import { readFileSync, writeFileSync } from 'node:fs';
import { toManifest, toStagingManifest } from './to-manifest.ts';

/**
 * `npm run manifest -- https://perly-slack.example.com [support@example.com]` writes manifest.local.json, with that address
 * and that e-mail address; `npm run manifest -- --staging` writes manifest.staging.json again.
 */
const file = (name: string) => new URL(`../${name}`, import.meta.url);
const source = readFileSync(file('manifest.json'), 'utf8');
const [first, supportEmail] = process.argv.slice(2);

if (first === undefined) {
  process.stderr.write(
    'Usage: npm run manifest -- https://your.address [support@your.address] | --staging\n',
  );
  process.exitCode = 1;
} else if (first === '--staging') {
  writeFileSync(file('manifest.staging.json'), toStagingManifest(source));
} else {
  writeFileSync(file('manifest.local.json'), toManifest(source, first, supportEmail));
  process.stdout.write('Wrote manifest.local.json: paste it at https://api.slack.com/apps\n');
}
