/** Whether it is an error of Express or its parsers, with the status to answer. */
export function isHttpError(error: unknown): error is Error & { status: number } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}
