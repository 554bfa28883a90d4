import type { Checkboxes, Option, RadioButtons } from '@slack/types';
import { useId, useState } from 'react';
import { chosenOptions } from '../../../slack/element-values.ts';
import { Text } from '../text/text.tsx';
import { type ElementProps, useElement } from './use-element.ts';
import { Warning } from './warning.tsx';

export function Choices({
  element,
  blockId,
  notifiesApp,
  labelledBy,
  describedBy,
}: ElementProps<Checkboxes | RadioButtons>) {
  const { first, use, isTrouble } = useElement({ element, blockId, notifiesApp });
  const [chosen, setChosen] = useState<readonly unknown[]>(chosenOptions(first).map(({ value }) => value));
  const name = useId();
  const isMany = element.type === 'checkboxes';

  async function toggle({ value }: Option): Promise<void> {
    const ticked = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    const before = chosen;
    const after = isMany ? ticked : [value];
    setChosen(after);
    if (!(await use(isMany ? after.map(String) : String(value)))) setChosen(before);
  }

  return (
    <fieldset
      className="element choices"
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      data-action-id={element.action_id}
    >
      {element.options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type={isMany ? 'checkbox' : 'radio'}
            name={name}
            value={option.value}
            checked={chosen.includes(option.value)}
            onChange={() => void toggle(option)}
          />
          <span>
            <Text of={option.text} />
            {option.description !== undefined && (
              <small>
                <Text of={option.description} />
              </small>
            )}
          </span>
        </label>
      ))}
      {isTrouble && <Warning />}
    </fieldset>
  );
}
