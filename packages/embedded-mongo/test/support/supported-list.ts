import { commonOptions } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/dispatch.ts';
import { accumulators } from '../../src/pipeline/accumulators.ts';
import { expressionOperators, variables } from '../../src/pipeline/expression.ts';
import { documentStages, stageNames } from '../../src/pipeline/stages.ts';
import { fieldOperators, logicalOperators } from '../../src/query/filter.ts';
import { updateOperators } from '../../src/update/operators.ts';

const code = (names: Iterable<string>) => [...names].map((name) => `\`${name}\``).join(' ');

/** All that is supported, read from the code, as the table of the README. */
export function supportedList(): string {
  const commandRows = [...commands].map(([name, { options, itemOptions = [] }]) => {
    const items = itemOptions.length > 0 ? `; each item: ${code(itemOptions)}` : '';
    return `| \`${name}\` | ${code(options)}${items} |`;
  });
  const rows: [string, Iterable<string>][] = [
    ['Query operators', [...logicalOperators, ...fieldOperators]],
    ['Update operators', Object.keys(updateOperators)],
    ['Modifiers of `$push` and `$addToSet`', ['$each', '$slice']],
    ['Stages of an aggregation', stageNames],
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

/** Where the list stands in the README. */
export const listPattern = /(<!-- supported: begin -->\n\n)[\s\S]*?(\n\n<!-- supported: end -->)/;
