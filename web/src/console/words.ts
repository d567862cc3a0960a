// What the console says, each word beside where it is used: a pair of Korean and English.
import { type Texts, useLanguage } from '../base/language';

export type Words = Texts<string>;

export const words = (ko: string, en: string): Words => ({ ko, en });

/** Says pairs in the reader's language. */
export function useSay(): (pair: Words) => string {
  const language = useLanguage();
  return (pair) => pair[language];
}
