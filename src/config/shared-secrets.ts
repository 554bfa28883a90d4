import type { PartialEnvironment } from './variables.ts';

function secretsOf(values: PartialEnvironment): Record<string, readonly string[]> {
  const { SLACK_CLIENT_SECRET: client, SLACK_SIGNING_SECRET: signing } = values;
  return {
    SLACK_CLIENT_SECRET: client === undefined ? [] : [client],
    SLACK_SIGNING_SECRET: signing === undefined ? [] : [signing],
    PERLY_SECRETS: values.PERLY_SECRETS ?? [],
    PERLY_TOKEN_SECRETS: values.PERLY_TOKEN_SECRETS ?? [],
    PERLY_NOTIFY_SECRETS: values.PERLY_NOTIFY_SECRETS ?? [],
    APP_SECRETS: values.APP_SECRETS ?? [],
  };
}

/** Finds shared secrets even if they are written with another prefix or encoding. */
export function findSharedSecrets(values: PartialEnvironment): [string, string][] {
  const purposes = Object.entries(secretsOf(values)).map(
    ([name, secrets]) => [name, secrets.flatMap(formsOf)] as const,
  );
  return purposes.flatMap(([name, forms], index) =>
    purposes
      .slice(index + 1)
      .filter(([, others]) => forms.some((form) => others.includes(form)))
      .map(([other]): [string, string] => [name, other]),
  );
}

/** One purpose uses the text as the key, another the decoded value. The forms are in hexadecimal. */
function formsOf(secret: string): string[] {
  const text = secret.trim().replace(/^whsec_/, '');
  const forms = [Buffer.from(text, 'utf8')];
  if (/^[\w+/-]+=*$/.test(text)) forms.push(Buffer.from(text, 'base64'));
  if (/^(?:[\da-f]{2})+$/i.test(text)) forms.push(Buffer.from(text, 'hex'));
  return forms.map((bytes) => bytes.toString('hex')).filter((form) => form !== '');
}
