export type EmbeddedMongoErrorCode =
  | 'in_use'
  | 'not_writable'
  | 'damaged'
  | 'unsupported_format'
  | 'is_link'
  | 'failed';

/** Its message says where the fault is, and what to do. */
export class EmbeddedMongoError extends Error {
  readonly code: EmbeddedMongoErrorCode;

  constructor(code: EmbeddedMongoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedMongoError';
    this.code = code;
  }
}
