/** Who offers the app, in the words of the configuration. */
export type Publisher = {
  companyName: string;
  supportEmail: string;
  supportHours: string;
  pricingText: string;
  pricingUrl: string | undefined;
  privacyEmail: string;
};
