/** Something that Slack refuses, and where it stands. */
export interface Problem {
  /** A JSON pointer, `/blocks/0/text/text`; empty for the whole payload. */
  readonly pointer: string;
  /** In the words that Slack uses in `response_metadata.messages`. */
  readonly message: string;
}

/** Takes a problem down. */
type Report = (pointer: string, message: string) => void;

/** Checks one value and reports all that is wrong with it and in it. */
export type Check = (value: unknown, pointer: string, report: Report) => void;

/** Runs a check and collects what it reports. */
export function problemsOf(check: Check, value: unknown, pointer: string): Problem[] {
  const problems: Problem[] = [];
  check(value, pointer, (at, message) => problems.push({ pointer: at, message }));
  return problems;
}

/** All of the checks, on the same value. */
export function all(...checks: Check[]): Check {
  return (value, pointer, report) => {
    for (const check of checks) check(value, pointer, report);
  };
}
