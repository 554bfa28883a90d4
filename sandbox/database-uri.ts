export function uriOf(engineUri: string, name: string): string {
  return engineUri.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*/, `$1/${name}`);
}
