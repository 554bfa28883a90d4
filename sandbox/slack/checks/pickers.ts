import { IANAZone } from 'luxon';
import type { Check } from './check.ts';
import { list, record, type } from './shapes.ts';
import { boolean, oneOf, pattern, string } from './values.ts';

const id = string(255);
const day = pattern(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a date, YYYY-MM-DD');
const time = pattern(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time, HH:mm');

const zone: Check = (value, pointer, report) => {
  if (typeof value !== 'string' || !IANAZone.isValidZone(value)) report(pointer, 'must be an IANA time zone');
};

const filter = record(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), { max: 4 }),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
);

export function pickers(menu: Record<string, Check>, several: Record<string, Check>): Record<string, Check> {
  const conversations = {
    ...menu,
    filter,
    default_to_current_conversation: boolean,
    response_url_enabled: boolean,
  };
  const ids = list(id, { max: 100 });
  return {
    datepicker: record({ type }, { ...menu, initial_date: day }),
    timepicker: record({ type }, { ...menu, initial_time: time, timezone: zone }),
    users_select: record({ type }, { ...menu, initial_user: id }),
    multi_users_select: record({ type }, { ...menu, ...several, initial_users: ids }),
    channels_select: record({ type }, { ...menu, initial_channel: id, response_url_enabled: boolean }),
    multi_channels_select: record({ type }, { ...menu, ...several, initial_channels: ids }),
    conversations_select: record({ type }, { ...conversations, initial_conversation: id }),
    multi_conversations_select: record(
      { type },
      { ...menu, ...several, filter, default_to_current_conversation: boolean, initial_conversations: ids },
    ),
  };
}
