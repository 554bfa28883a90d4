import { isRegex, type Value } from '../bson/value.ts';
import { badValue, unsupported } from '../command-error.ts';

/**
 * Supports only literal text, at the start of a field (`^`) or anywhere, so that matching takes linear time.
 * @throws CommandError BadValue
 */
export function toRegExp(pattern: Value, options?: Value): RegExp {
  const [source = '', ownOptions = ''] = isRegex(pattern)
    ? pattern.bytes.toString('utf8').split('\0')
    : [typeof pattern === 'string' ? pattern : undefined];
  if (typeof pattern !== 'string' && !isRegex(pattern)) throw badValue('$regex has to be a string');
  const flags = options ?? ownOptions;
  if (flags !== '' && flags !== 'i')
    throw unsupported(`an option of $regex other than 'i': ${String(flags)}`);
  const [, start = '', text = ''] = /^(\^?)(.*)$/s.exec(source) ?? [];
  if (!/^(?:[^\\^$.|?*+()[\]{}]|\\[^\p{L}\p{N}])*$/u.test(text))
    throw unsupported(`more than text and '^' in $regex: ${source}`);
  const literal = text.replace(/\\(.)/gsu, '$1').replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&');
  return new RegExp(`${start}${literal}`, `u${flags}`);
}
