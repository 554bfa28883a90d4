import type { PlainTextOption } from '@slack/types';
import { clean } from '../../messages/block-kit/clean.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { deliveryRef } from '../../store/deliveries/document.ts';
import type { NamedCustomer } from '../../store/event-history.ts';
import { copy } from './copy.ts';

const allValue = '*';

export const allCustomers: PlainTextOption = { text: plainText(copy.activity.allCustomers), value: allValue };

/** Customers with the same name are told apart by their ids. */
export function customerOptions(customers: readonly NamedCustomer[]): PlainTextOption[] {
  const shown = customers.slice(0, limits.selectOptions - 1);
  const counts = new Map<string, number>();
  for (const { name } of shown) counts.set(name, (counts.get(name) ?? 0) + 1);
  const toName = ({ id, name }: NamedCustomer) => ((counts.get(name) ?? 0) > 1 ? `${name} (${id})` : name);
  return [allCustomers, ...shown.map((customer) => customerOption({ ...customer, name: toName(customer) }))];
}

/** Replaces an id that is too long for an option, or could be taken for another value, by its hash. */
export function customerOption({ id, name }: NamedCustomer): PlainTextOption {
  const isUsable = id.length <= limits.optionValue && id !== allValue && !id.startsWith('#');
  const label = truncate(clean(name) || clean(id) || copy.activity.unnamed, limits.optionText);
  return { text: plainText(label), value: isUsable ? id : `#${deliveryRef(id)}` };
}
