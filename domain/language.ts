export const languages = ['en', 'ru', 'pl'] as const;
export type Language = (typeof languages)[number];

/** The language we speak for a Telegram `language_code` such as `pl-PL`; English when we have no other. */
export function pickLanguage(code: string | undefined): Language {
  const start = code?.toLowerCase().split('-')[0];
  return languages.find((language) => language === start) ?? 'en';
}
