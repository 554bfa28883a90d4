import { readSecretFiles } from './secret-files.ts';
import { findSharedSecrets } from './shared-secrets.ts';
import { type Environment, environment, expectationOf, type PartialEnvironment } from './variables.ts';

const partialEnvironment = environment.partial();

/** @returns the values, or one sentence per error, which shows no value */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): { data: Environment; faults?: never } | { data?: never; faults: string[] } {
  const given: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(env)) if (value.trim() !== '') given[name] = value.trim();
  const { values, faults } = readSecretFiles(given);

  const result = environment.safeParse(values);
  for (const { path, message } of result.error?.issues ?? []) {
    const name = String(path[0]);
    if (faults.has(name)) continue;
    const sentence = name in values ? `${name} is wrong. It should be ${message}.` : missing(name);
    faults.set(name, sentence);
  }
  const sound = Object.entries(values).filter(([name]) => !faults.has(name));
  const combined = checkTogether(partialEnvironment.parse(Object.fromEntries(sound)), faults);
  const sentences = [...faults.values(), ...combined];
  if (result.success && sentences.length === 0) return { data: result.data };
  return { faults: sentences };
}

function checkTogether(values: PartialEnvironment, faults: ReadonlyMap<string, string>): string[] {
  const { APP_URL: appUrl, METRICS_PORT: metricsPort } = values;
  const isMissing = (name: keyof Environment) => values[name] === undefined && !faults.has(name);
  return [
    // Without TRUST_PROXY, clients could choose their own address, or all would share the proxy's.
    ...(appUrl?.startsWith('https:') && isMissing('TRUST_PROXY') ? [missing('TRUST_PROXY')] : []),
    ...(values.PERLY_NOTIFY_URL !== undefined && isMissing('PERLY_NOTIFY_SECRETS')
      ? [missing('PERLY_NOTIFY_SECRETS')]
      : []),
    ...(metricsPort !== undefined && metricsPort !== 0 && metricsPort === values.PORT
      ? ['METRICS_PORT is wrong. It should be another port than PORT, which is public.']
      : []),
    ...findSharedSecrets(values).map(
      ([one, other]) => `${one} and ${other} share a secret. Use a separate secret for each purpose.`,
    ),
  ];
}

function missing(name: string): string {
  return `${name} is missing. It should be ${expectationOf(name)}.`;
}
