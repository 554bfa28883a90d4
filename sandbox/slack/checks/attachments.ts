import { isRecord } from '../is-record.ts';
import { block } from './blocks.ts';
import { all, type Check } from './check.ts';
import { list, record } from './shapes.ts';
import { boolean, integer, oneOf, pattern, string, url } from './values.ts';

// https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments

const color = pattern(
  /^(good|warning|danger|#[0-9a-fA-F]{6})$/,
  'must be good, warning, danger or a #hex colour',
);
const words = string(40_000);

/** Next to blocks, only colour and fallback are allowed (slackapi/bolt-js#717, slackapi/node-slack-sdk#1112). */
const withBlocks = record({ blocks: list(block, { max: 50 }) }, { color, fallback: words });

const legacy = all(
  record(
    {},
    {
      color,
      fallback: words,
      text: words,
      pretext: words,
      author_name: words,
      author_link: url,
      author_icon: url,
      title: words,
      title_link: url,
      fields: list(record({ title: words, value: words }, { short: boolean }), { max: 100 }),
      image_url: url,
      thumb_url: url,
      footer: string(300),
      footer_icon: url,
      ts: integer(0, 1e11),
      mrkdwn_in: list(oneOf('pretext', 'text', 'fields'), { max: 3 }),
    },
  ),
  (attachment, pointer, report) => {
    if (isRecord(attachment) && attachment.text === undefined && attachment.fallback === undefined) {
      report(pointer, 'missing required field: text or fallback');
    }
  },
);

export const attachment: Check = (value, pointer, report) => {
  const check = isRecord(value) && value.blocks !== undefined ? withBlocks : legacy;
  check(value, pointer, report);
};
