/** The app's standing at Slack: what its settings page would show. */
export interface SlackApp {
  id: string;
  name: string;
  clientId: string;
  clientSecret: string;
  signingSecret: string;
  /** The verification token of old: still in every payload, and good for nothing. */
  verificationToken: string;
  /** Allowed beginnings of a `redirect_uri`; undefined takes any on a loopback address. */
  redirectUrls: readonly string[] | undefined;
}
