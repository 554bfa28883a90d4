type Name = { name: string; bytes: Buffer };

/** Names of fields that are looked for in the bytes of documents. */
export class FieldNames {
  readonly #byLength: Name[][] = [];

  constructor(names: Iterable<string>) {
    for (const name of new Set(names)) {
      const bytes = Buffer.from(name);
      this.#byLength[bytes.length] ??= [];
      this.#byLength[bytes.length]?.push({ name, bytes });
    }
  }

  /** The name that stands in the bytes from `start` to `end`, if it is one of these. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    const candidates = this.#byLength[end - start];
    if (candidates === undefined) return undefined;
    for (const { name, bytes: wanted } of candidates) if (standsAt(wanted, bytes, start)) return name;
    return undefined;
  }
}

function standsAt(wanted: Buffer, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < wanted.length; at++) if (wanted[at] !== bytes[start + at]) return false;
  return true;
}

/** The first part of a dotted path: the document's own field. */
export function rootOf(path: string): string {
  const dot = path.indexOf('.');
  return dot < 0 ? path : path.slice(0, dot);
}
