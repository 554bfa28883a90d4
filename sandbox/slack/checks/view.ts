import { isRecord } from '../is-record.ts';
import { block, blockIdsDiffer } from './blocks.ts';
import { all, type Check } from './check.ts';
import { plainText } from './objects.ts';
import { byType, list, record, type } from './shapes.ts';
import { boolean, string } from './values.ts';

// https://docs.slack.dev/reference/views

const common = {
  private_metadata: string(3000, 0),
  callback_id: string(255, 0),
  external_id: string(255, 0),
};

/** As JSON: `view_too_large`. */
export const maxViewSize = 250_000;

const inputsNeedSubmit: Check = (view, pointer, report) => {
  if (!isRecord(view) || view.submit !== undefined || !Array.isArray(view.blocks)) return;
  for (const [index, one] of view.blocks.entries()) {
    if (isRecord(one) && one.type === 'input') {
      report(`${pointer}/blocks/${index}/input`, 'must define `submit` to use an `input` block in modals');
    }
  }
};

const oneFocus: Check = (view, pointer, report) => {
  if (!isRecord(view) || !Array.isArray(view.blocks)) return;
  let seen = false;
  for (const [index, one] of view.blocks.entries()) {
    if (!isRecord(one)) continue;
    const elements: unknown[] = [one.element, one.accessory, one.elements].flat();
    for (const element of elements) {
      if (!isRecord(element) || element.focus_on_load !== true) continue;
      if (seen) report(`${pointer}/blocks/${index}`, 'only one element may have `focus_on_load`');
      seen = true;
    }
  }
};

export const homeView: Check = all(
  byType({ home: record({ type, blocks: freshBlocks() }, common) }),
  oneFocus,
);

export const modalView: Check = all(
  byType({
    modal: record(
      { type, title: plainText(24), blocks: freshBlocks() },
      {
        ...common,
        submit: plainText(24),
        close: plainText(24),
        clear_on_close: boolean,
        notify_on_close: boolean,
      },
    ),
  }),
  inputsNeedSubmit,
  oneFocus,
);

/** Each check of a view starts a new search for duplicate ids. */
function freshBlocks(): Check {
  return (value, pointer, report) => all(list(block, { max: 100 }), blockIdsDiffer())(value, pointer, report);
}
