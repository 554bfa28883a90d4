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

const minNameLength = 20;

/** Customers whose names look the same are told apart by their ids. */
export function customerOptions(customers: readonly NamedCustomer[]): PlainTextOption[] {
  const shown = customers.slice(0, limits.selectOptions - 1);
  const counts = new Map<string, number>();
  for (const customer of shown) {
    const label = toLabel(customer);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const isOnly = (customer: NamedCustomer) => counts.get(toLabel(customer)) === 1;
  return [allCustomers, ...shown.map((each) => customerOption(isOnly(each) ? each : withId(each)))];
}

function withId({ id, name }: NamedCustomer): NamedCustomer {
  const maxLength = Math.max(minNameLength, limits.optionText - ` (${id})`.length);
  return { id, name: `${truncate(clean(name), maxLength)} (${id})` };
}

/** Replaces an id that is too long for an option, or could be taken for another value, by its hash. */
export function customerOption(customer: NamedCustomer): PlainTextOption {
  const { id } = customer;
  const isUsable = id.length <= limits.optionValue && id !== allValue && !id.startsWith('#');
  return { text: plainText(toLabel(customer)), value: isUsable ? id : `#${deliveryRef(id)}` };
}

function toLabel({ id, name }: NamedCustomer): string {
  return truncate(clean(name) || clean(id) || copy.activity.unnamed, limits.optionText);
}
