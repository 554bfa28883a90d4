import querystring from 'node:querystring';

/** The names are in lower case, because options are case-insensitive. */
const secretOptions = new Set(['tlscertificatekeyfilepassword', 'proxypassword']);

/** Lists secrets both as written and decoded, and the URI itself if it has any. */
export function listDatabaseSecrets(uri: string): string[] {
  const password = /^mongodb(?:\+srv)?:\/\/[^/@:]*:([^/@]+)@/.exec(uri)?.[1];
  const written = [...(password === undefined ? [] : [password]), ...listOptionSecrets(uri)];
  if (written.length === 0) return [];
  return [uri, ...written.flatMap((secret) => [secret, querystring.unescape(secret)])];
}

function listOptionSecrets(uri: string): string[] {
  const [, query = ''] = uri.split('?', 2);
  return query.split('&').flatMap((option) => {
    const [name = '', ...rest] = option.split('=');
    const value = rest.join('=');
    if (secretOptions.has(name.toLowerCase())) return value === '' ? [] : [value];
    if (name.toLowerCase() !== 'authmechanismproperties') return [];
    const [, token] = /(?:^|,|%2C)AWS_SESSION_TOKEN(?::|%3A)(.+?)(?=,|%2C|$)/i.exec(value) ?? [];
    return token === undefined ? [] : [token];
  });
}
