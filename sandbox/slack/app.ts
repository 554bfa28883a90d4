/** The app's settings in Slack. */
export interface SlackApp {
  id: string;
  name: string;
  clientId: string;
  clientSecret: string;
  signingSecret: string;
  /** The deprecated verification token: still in every payload, but unused. */
  verificationToken: string;
  /** Allowed prefixes of a `redirect_uri`; undefined allows any loopback address. */
  redirectUrls: readonly string[] | undefined;
}
