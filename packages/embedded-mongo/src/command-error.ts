import type { Answer } from './bson/write.ts';

/** @see https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const codes = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  CommandNotSupported: 115,
  CannotIndexParallelArrays: 171,
  CannotBuildIndexKeys: 201,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  OutOfDiskSpace: 14031,
  UnrecognizedStage: 40324,
  UnknownField: 40415,
} as const;

type CodeName = keyof typeof codes;

/** `codeName` is MongoDB's, `details` are further fields of the answer. */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: CodeName;
  readonly details: Answer;

  constructor(codeName: CodeName, message: string, details: Answer = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = codes[codeName];
    this.codeName = codeName;
    this.details = details;
  }
}

export const badValue = (message: string) => new CommandError('BadValue', message);

export const unsupported = (what: string, codeName: CodeName = 'BadValue') =>
  new CommandError(codeName, `embedded-mongo does not support ${what}`);
