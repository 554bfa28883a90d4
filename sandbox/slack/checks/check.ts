/** Something that Slack refuses, and where it stands. */
export interface Problem {
  /** A JSON pointer, `/blocks/0/text/text`; empty for the whole payload. */
  readonly pointer: string;
  readonly message: string;
}
