import { readFileSync, writeFileSync } from 'node:fs';
import { toManifest, toStagingManifest } from './to-manifest.ts';

/**
 * `npm run manifest -- https://perly-slack.example.com [support@example.com]` writes the manifest with that address and
 * that e-mail address; `npm run manifest -- --staging` writes manifest.staging.json again.
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
  process.stdout.write(toManifest(source, first, supportEmail));
}
