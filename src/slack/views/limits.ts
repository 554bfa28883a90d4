/** What Slack takes in a view, where our texts or data could reach it. The source of each stands above it. */
export const limits = {
  /** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
  accessibilityLabel: 75,
  /** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
  buttonValue: 2000,
  /** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
  optionText: 75,
  /** Each at once: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
  selectOptions: 100,
  /** Our own: it travels in a view's `private_metadata`, which takes 3,000 characters. */
  exceptions: 1500,
} as const;
