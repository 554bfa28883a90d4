import { AppError } from './errors.ts';

const failures = {
  too_large: [413, 'The body is larger than this route accepts.'],
  too_slow: [408, 'The body took too long to arrive.'],
  evicted: [503, 'Too many bodies are being read.'],
  aborted: [400, 'The request ended before its body did.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export const evictedRetryAfterSeconds = 2;

export class BodyError extends AppError {
  readonly reason: keyof typeof failures;
  readonly status: number;

  constructor(reason: keyof typeof failures) {
    const [status, message] = failures[reason];
    super(`body_${reason}`, message);
    this.reason = reason;
    this.status = status;
  }
}
