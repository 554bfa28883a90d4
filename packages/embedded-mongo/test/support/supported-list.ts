import { commonOptions } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/dispatch.ts';
import { expressionOperators, variables } from '../../src/pipeline/expression.ts';
import { accumulators, documentStages, laterStages, leadingStages } from '../../src/pipeline/stages.ts';
import { fieldOperators, logicalOperators } from '../../src/query/filter.ts';
import { updateOperators } from '../../src/update/operators.ts';

const code = (names: Iterable<string>) => [...names].map((name) => `\`${name}\``).join(' ');

/** Built from the code, in the form of the README's table. */
export function supportedList(): string {
  const commandRows = [...commands].map(([name, { options, itemOptions = [] }]) => {
    const items = itemOptions.length > 0 ? `; each item: ${code(itemOptions)}` : '';
    return `| \`${name}\` | ${code(options)}${items} |`;
  });
  const rows: [string, Iterable<string>][] = [
    ['Query operators', [...logicalOperators, ...fieldOperators]],
    ['Update operators', Object.keys(updateOperators)],
    ['Stages that a pipeline begins with', leadingStages],
    ['Stages after them', laterStages],
    ['Stages of an update', Object.keys(documentStages)],
    ['Accumulators of `$group`', Object.keys(accumulators)],
    ['Expressions', Object.keys(expressionOperators)],
    ['Variables', Object.keys(variables)],
  ];
  return [
    '| command | options |',
    '|---|---|',
    ...commandRows,
    '',
    `Options of every command: ${code(commonOptions)}.`,
    '',
    '| part of the language | supported |',
    '|---|---|',
    ...rows.map(([title, names]) => `| ${title} | ${code(names)} |`),
  ].join('\n');
}

/** As single features: `command find`, `option find.filter`, `query $in`, `stage $match`, … */
export function supportedFeatures(): ReadonlySet<string> {
  const named = (kind: string, names: Iterable<string>) => [...names].map((name) => `${kind} ${name}`);
  return new Set([
    ...[...commands].flatMap(([name, { options, itemOptions = [] }]) => [
      `command ${name}`,
      ...[...commonOptions, ...options].map((option) => `option ${name}.${option}`),
      ...itemOptions.map((option) => `item ${name}.${option}`),
    ]),
    ...named('query', [...logicalOperators, ...fieldOperators]),
    ...named('update', Object.keys(updateOperators)),
    ...named('stage', [...leadingStages, ...laterStages]),
    ...named('update stage', Object.keys(documentStages)),
    ...named('accumulator', Object.keys(accumulators)),
    ...named('expression', Object.keys(expressionOperators)),
    ...named('variable', Object.keys(variables)),
  ]);
}

/** The list's place in the README. */
export const listPattern = /(<!-- supported: begin -->\n\n)[\s\S]*?(\n\n<!-- supported: end -->)/;
