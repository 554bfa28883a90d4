/** The address and the e-mail address that manifest.json has. */
const exampleUrl = 'https://perly-slack.example.com';
const exampleEmail = 'support@example.com';

/** The address of the staging app. */
const stagingUrl = 'https://perly-slack-staging.example.com';

/**
 * The text of a manifest with another address, and another e-mail address if there is one.
 *
 * @param url where the app is reached: https, without a path
 * @throws Error if it is something else
 */
export function toManifest(source: string, url: string, supportEmail = exampleEmail): string {
  if (!URL.canParse(url) || !/^https:\/\/[^/?#@]+\/?$/.test(url))
    throw new Error(`${url} is not an address like ${exampleUrl}`);
  return source
    .replaceAll(`${exampleUrl}/`, `${url.replace(/\/$/, '')}/`)
    .replaceAll(exampleEmail, supportEmail);
}

/** The manifest of the app that changes are tried with first: another name, another address. */
export function toStagingManifest(source: string): string {
  return toManifest(source, stagingUrl).replace(/("(?:display_)?name": ")(.*?)"/g, '$1$2 (staging)"');
}
