/**
 * Whether a value is a URL on one of the origins, without user info. A `blob:` URL has the origin of the URL inside
 * it, so the scheme is compared as well.
 * @param origins in the form of `URL.origin`, http or https
 */
export function isOnOrigin(value: string, origins: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, origin, username, password } = new URL(value);
  return origins.includes(origin) && origin.startsWith(`${protocol}//`) && username === '' && password === '';
}
