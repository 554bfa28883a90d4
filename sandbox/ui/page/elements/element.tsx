import type { ActionsBlockElement, InputBlockElement, SectionBlockAccessory } from '@slack/types';
import { Button } from './button.tsx';
import { Choices } from './choices.tsx';
import { DatePicker } from './date-picker.tsx';
import { Overflow } from './overflow.tsx';
import { Select } from './select.tsx';
import { TextInput } from './text-input.tsx';
import { TimePicker } from './time-picker.tsx';
import type { ElementProps } from './use-element.ts';

type AnyElement = ActionsBlockElement | InputBlockElement | SectionBlockAccessory;

export function Element({ element, ...rest }: ElementProps<AnyElement>) {
  switch (element.type) {
    case 'button':
      return <Button element={element} {...rest} />;
    case 'overflow':
      return <Overflow element={element} {...rest} />;
    case 'checkboxes':
    case 'radio_buttons':
      return <Choices element={element} {...rest} />;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return <TextInput element={element} {...rest} />;
    case 'timepicker':
      return <TimePicker element={element} {...rest} />;
    case 'datepicker':
    case 'datetimepicker':
      return <DatePicker element={element} {...rest} />;
    case 'static_select':
    case 'external_select':
    case 'users_select':
    case 'channels_select':
    case 'conversations_select':
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return <Select element={element} {...rest} />;
    default:
      return null;
  }
}
