export type Publisher = {
  companyName: string;
  supportEmail: string;
  supportHours: string;
  pricingText: string;
  pricingUrl: string | undefined;
  privacyEmail: string;
};
