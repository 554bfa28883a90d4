import type { EmailInput, NumberInput, PlainTextInput, URLInput } from '@slack/types';
import { type KeyboardEvent, useState } from 'react';
import { type ElementProps, useElement } from './use-element.ts';
import { Warning } from './warning.tsx';

const inputModes = { number_input: 'decimal', email_text_input: 'email', url_text_input: 'url' } as const;

/** Tells the app on Enter, on every character, or both. */
export function TextInput({
  element,
  blockId,
  notifiesApp,
  labelledBy,
  describedBy,
}: ElementProps<PlainTextInput | NumberInput | EmailInput | URLInput>) {
  const { first, use, keep, isTrouble } = useElement({ element, blockId, notifiesApp });
  const [text, setText] = useState(typeof first.value === 'string' ? first.value : '');
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const isMultiline = element.type === 'plain_text_input' && element.multiline === true;

  const props = {
    className: 'text-input',
    value: text,
    placeholder: element.placeholder?.text,
    autoFocus: element.focus_on_load ?? false,
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    'data-action-id': element.action_id,
    onChange: ({ target }: { target: { value: string } }) => {
      setText(target.value);
      if (notifiesApp && triggers.includes('on_character_entered')) void use(target.value);
      else keep(target.value);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || isMultiline || !notifiesApp || !triggers.includes('on_enter_pressed'))
        return;
      event.preventDefault();
      void use(text);
    },
  };
  return (
    <span className="element wide">
      {isMultiline ? (
        <textarea rows={3} {...props} />
      ) : (
        <input
          type="text"
          inputMode={element.type === 'plain_text_input' ? 'text' : inputModes[element.type]}
          {...props}
        />
      )}
      {isTrouble && <Warning />}
    </span>
  );
}
