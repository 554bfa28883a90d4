/** Lengths are in UTF-16 units of the escaped text, which is never less than what Slack counts. */
export const limits = {
  /** More than 100 are refused: https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments */
  attachments: 20,
  /** https://docs.slack.dev/reference/block-kit/blocks ; those inside attachments count as well */
  blocks: 50,
  /** Slack splits or cuts a longer text: https://docs.slack.dev/reference/methods/chat.postMessage */
  text: 4000,
  /** https://docs.slack.dev/reference/block-kit/blocks/section-block, also for fields */
  sectionText: 3000,
  /** Not documented; a title needs one: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
  richTextElements: 10,
  /** Texts and URLs of a `rich_text` block together. Not documented: a URL plus a section's maximum. */
  richText: 6000,
  sectionFields: 10,
  fieldText: 2000,
  /** https://docs.slack.dev/reference/block-kit/blocks/header-block */
  headerText: 150,
  /** https://docs.slack.dev/reference/block-kit/blocks/context-block */
  contextElements: 10,
  /** 3000 is documented for a text object; a field's 2000 is safer. */
  contextText: 2000,
  /** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
  actionsElements: 25,
  /** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
  buttonText: 75,
  buttonValue: 2000,
  accessibilityLabel: 75,
  url: 3000,
  /** https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element */
  overflowOptions: 5,
  /** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
  selectOptions: 100,
  placeholder: 150,
  /** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
  optionText: 75,
  /** 150 by the present page, 75 by @slack/types and older ones: https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
  optionValue: 75,
  optionUrl: 3000,
  /** https://docs.slack.dev/reference/views/modal-views */
  privateMetadata: 3000,
  actionId: 255,
  blockId: 255,
  /** A limit of our own: a notification shows two or three lines, and nobody reads the rest of a `fallback`. */
  fallback: 300,
  /** "12,000 text characters with a buffer for block containers": https://github.com/slackapi/bolt-js/issues/2509 */
  characters: 12_000,
  /** The size includes {@link blockOverhead}; refusals were seen from about 13,200 (same issue, and #2867). */
  size: 13_200,
} as const;

export const blockOverhead = 100;
