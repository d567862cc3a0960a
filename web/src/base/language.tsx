// Which language a page speaks. The server chooses the shell by Accept-Language and says so in <html lang>; a choice made
// on the page is kept in this browser and wins from then on.
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

export type Language = 'ko' | 'en';

/** The same texts in each language: the English ones must have the form of the Korean ones. */
export type Texts<T> = Record<Language, T>;

const storageKey = 'jangbu.language';

function keptLanguage(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null; // storage is switched off in this browser
  }
}

function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // The choice then holds for this page only.
  }
}

function firstLanguage(): Language {
  const kept = keptLanguage();
  if (kept === 'ko' || kept === 'en') return kept;
  return document.documentElement.lang === 'ko' ? 'ko' : 'en';
}

interface Choice {
  language: Language;
  choose(language: Language): void;
}

const LanguageContext = createContext<Choice>({ language: 'en', choose: () => undefined });

export function LanguageProvider({ children }: { children: ComponentChildren }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = (chosen: Language) => {
    keepLanguage(chosen);
    setLanguage(chosen);
  };
  return <LanguageContext.Provider value={{ language, choose }}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): Language {
  return useContext(LanguageContext).language;
}

export function useTexts<T>(texts: Texts<T>): T {
  return texts[useLanguage()];
}

const names: [Language, string][] = [
  ['ko', '한국어'],
  ['en', 'English'],
];

const groupLabel: Texts<string> = { ko: '언어', en: 'Language' };

export function LanguageSwitch() {
  const { language, choose } = useContext(LanguageContext);
  return (
    <div class="language" role="group" aria-label={groupLabel[language]}>
      {names.map(([each, name]) => (
        <button key={each} type="button" lang={each} aria-pressed={each === language} onClick={() => choose(each)}>
          {name}
        </button>
      ))}
    </div>
  );
}
