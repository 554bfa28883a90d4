export interface SlackApp {
  id: string;
  name: string;
  clientId: string;
  clientSecret: string;
  signingSecret: string;
  /** Deprecated: still in every payload, but unused. */
  verificationToken: string;
  /** Allowed prefixes; undefined allows any loopback address. */
  redirectUrls: readonly string[] | undefined;
}
