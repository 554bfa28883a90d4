import { toModernName } from './time-zone.ts';

/** Node 20 has the property and later versions have the method; TypeScript's ES2023 knows neither. */
type LocaleOfCountry = Intl.Locale & {
  getTimeZones?(): string[] | undefined;
  timeZones?: string[] | undefined;
};

/** Every country by its English name, with its zones, as ICU knows them. */
export function zonesByCountry(): { country: string; zones: string[] }[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return everyCode().flatMap((code) => {
    const country = names.of(code);
    if (country === undefined) return [];
    const locale: LocaleOfCountry = new Intl.Locale('und', { region: code });
    const zones = locale.getTimeZones?.() ?? locale.timeZones ?? [];
    return [{ country, zones: zones.map(toModernName) }];
  });
}

/** AA to ZZ: ICU does not list which of them are countries. */
function everyCode(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.flatMap((first) => letters.map((second) => first + second));
}
