/** A whole page, ready to send: its HTTP status and its document. */
export type Page = { status: number; html: string };
