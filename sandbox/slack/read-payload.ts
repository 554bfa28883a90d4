import { isRecord } from './is-record.ts';

/**
 * JSON, or a form with JSON in its field `payload`
 * (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
 */
export function readPayload(
  contentType: string | undefined,
  body: Uint8Array,
): Record<string, unknown> | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const json = type === 'application/x-www-form-urlencoded' ? formField(text) : text;
    const parsed: unknown = JSON.parse(json);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function formField(body: string): string {
  return new URLSearchParams(body).get('payload') ?? '';
}
