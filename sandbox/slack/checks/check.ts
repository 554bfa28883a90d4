export interface Problem {
  /** A JSON pointer, `/blocks/0/text/text`; empty for the whole payload. */
  readonly pointer: string;
  /** In the wording of Slack's `response_metadata.messages`. */
  readonly message: string;
}

type Report = (pointer: string, message: string) => void;

/** Reports every error in the value. */
export type Check = (value: unknown, pointer: string, report: Report) => void;

export function problemsOf(check: Check, value: unknown, pointer: string): Problem[] {
  const problems: Problem[] = [];
  check(value, pointer, (at, message) => problems.push({ pointer: at, message }));
  return problems;
}

export function all(...checks: Check[]): Check {
  return (value, pointer, report) => {
    for (const check of checks) check(value, pointer, report);
  };
}
