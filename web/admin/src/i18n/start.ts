/** English and Russian. English comes with the page, Russian when it is wanted. */

import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import { english } from './english';

export const LANGUAGES = { en: 'English', ru: 'Русский' } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = 'mailing.language';

/** Ready to show the language that this person chose, or else the first of the browser's that there is. */
export async function startTranslation(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: english },
    defaultNS: 'common',
    interpolation: { escapeValue: false }, // React does that.
  });
  try {
    await showIn(isLanguage(kept()) ? kept() : preferred());
  } catch {
    // Its file did not come: pages in another language are better than none.
  }
}

/** Show everything in that language from now on, also at the next visit. */
export async function choose(language: Language): Promise<void> {
  await showIn(language);
  localStorage.setItem(KEY, language);
}

async function showIn(language: Language): Promise<void> {
  if (language === 'ru' && !i18next.hasResourceBundle('ru', 'common')) {
    const { russian } = await import('./russian');
    for (const [namespace, texts] of Object.entries(russian)) i18next.addResourceBundle('ru', namespace, texts);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

function kept(): Language {
  return localStorage.getItem(KEY) as Language;
}

function preferred(): Language {
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

function isLanguage(tag: string | null): tag is Language {
  return tag !== null && Object.hasOwn(LANGUAGES, tag);
}
