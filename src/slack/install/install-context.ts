import { z } from 'zod';
import type { PerlyToken } from '../../perly/token.ts';

/** Who sent the browser through OAuth; it travels in the signed state, which its user can read. */
const installContextSchema = z.object({
  accountId: z.string(),
  /** Where Perly wants the browser back, on Perly's origin. */
  returnUrl: z.string().optional(),
});

export type InstallContext = z.infer<typeof installContextSchema>;

/** The context of an install from Perly; a `return_url` that is not on Perly's origin is left out. */
export function fromToken({ accountId, claims }: PerlyToken, perlyAppUrl: string): InstallContext {
  const returnUrl = claims.return_url;
  const isPerlys =
    typeof returnUrl === 'string' &&
    URL.canParse(returnUrl) &&
    new URL(returnUrl).origin === new URL(perlyAppUrl).origin;
  return { accountId, ...(isPerlys && { returnUrl }) };
}

/** As OAuth's `metadata` carries it. */
export function toMetadata(context: InstallContext): string {
  return JSON.stringify(context);
}

/** Reads what `toMetadata` wrote; `undefined` for an install from the App Directory. */
export function fromMetadata(metadata: string | undefined): InstallContext | undefined {
  return metadata === undefined ? undefined : installContextSchema.parse(JSON.parse(metadata));
}
