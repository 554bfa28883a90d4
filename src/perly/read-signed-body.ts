import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { BodyReader } from '../lib/read-body.ts';
import { toText } from './json-body.ts';
import { Problem } from './problem.ts';
import type { SignatureCheck } from './signature-check.ts';

const bodyLimit = 1024 * 1024;

/** @throws Problem, BodyError */
export type SignedBodyReader = (req: IncomingMessage) => Promise<string>;

/**
 * Checks the headers before it reads a body.
 * @param parts.onVerified called with each request whose signature is valid
 */
export function createSignedBodyReader(parts: {
  checkSignature: SignatureCheck;
  readBody: BodyReader;
  onVerified: (req: IncomingMessage) => void;
}): SignedBodyReader {
  const { checkSignature, readBody, onVerified } = parts;

  return async (req) => {
    checkContentHeaders(req.headers);
    const signed = checkSignature.readHeaders(req.headers);
    const body = await readBody(req, bodyLimit);
    checkSignature.checkBody(signed, body);
    onVerified(req);
    return toText(body);
  };
}

/** @throws Problem 415 */
function checkContentHeaders(headers: IncomingHttpHeaders): void {
  if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? ''))
    throw new Problem({
      status: 415,
      code: 'not_json_type',
      title: 'Not JSON',
      detail: 'Send Content-Type: application/json.',
    });
  if (!/^(?:identity)?$/i.test(headers['content-encoding'] ?? ''))
    throw new Problem({
      status: 415,
      code: 'encoding_unsupported',
      title: 'Not plain JSON',
      detail: 'Send the body without Content-Encoding.',
    });
}
