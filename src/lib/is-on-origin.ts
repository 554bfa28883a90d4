/** Compares the scheme as well, since a `blob:` URL has the origin of the URL inside it. */
export function isOnOrigin(value: string, origins: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, origin, username, password } = new URL(value);
  return origins.includes(origin) && origin.startsWith(`${protocol}//`) && username === '' && password === '';
}
