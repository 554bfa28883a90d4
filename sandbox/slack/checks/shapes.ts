import { isRecord } from '../is-record.ts';
import type { Check } from './check.ts';

export function list(item: Check, { min = 1, max }: { min?: number; max: number }): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) {
      report(pointer, 'must provide an array');
      return;
    }
    if (value.length < min) report(pointer, `no less than ${min} items allowed`);
    if (value.length > max) report(pointer, `no more than ${max} items allowed`);
    for (const [index, entry] of value.entries()) item(entry, `${pointer}/${index}`, report);
  };
}

/** With exactly these fields; those that were already checked need no check. */
export function record(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return (value, pointer, report) => {
    if (!isRecord(value)) {
      report(pointer, 'must provide an object');
      return;
    }
    for (const name of Object.keys(required)) {
      if (!Object.hasOwn(value, name)) report(pointer, `missing required field: ${name}`);
    }
    for (const [name, field] of Object.entries(value)) {
      const check = own(required, name) ?? own(optional, name);
      if (check === undefined) report(pointer, `invalid additional property: ${name}`);
      else check(field, `${pointer}/${name}`, report);
    }
  };
}

export function byType(checks: Readonly<Record<string, Check>>): Check {
  return (value, pointer, report) => {
    if (!isRecord(value)) {
      report(pointer, 'must provide an object');
      return;
    }
    const { type } = value;
    if (type === undefined) report(pointer, 'missing required field: type');
    else if (typeof type !== 'string') report(`${pointer}/type`, 'must provide a string');
    else {
      const check = own(checks, type);
      if (check === undefined) report(`${pointer}/type`, `unsupported type: ${type}`);
      else check(value, pointer, report);
    }
  };
}

export function exactlyOne(...names: readonly string[]): Check {
  return (value, pointer, report) => {
    if (!isRecord(value)) return;
    const given = names.filter((name) => Object.hasOwn(value, name));
    if (given.length !== 1) report(pointer, `must provide exactly one of ${names.join(', ')}`);
  };
}

export const type: Check = () => {};

function own(checks: Readonly<Record<string, Check>>, name: string): Check | undefined {
  return Object.hasOwn(checks, name) ? checks[name] : undefined;
}
