// Amounts and instants as people read them. Instants are shown in Seoul's time wherever the reader is, because the dates of
// campaigns and orders are Seoul's.
import type { Language } from './language';

const locales: Record<Language, string> = { ko: 'ko-KR', en: 'en-US' };
const timeZone = 'Asia/Seoul';

/** "₩206,000". The amount is a whole number of the currency's unit, as the wire has it. */
export function money(amount: number, currency: string, language: Language): string {
  return new Intl.NumberFormat(locales[language], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).format(amount);
}

/** "+₩206,000" or "−₩20,600". */
export function signedMoney(amount: number, currency: string, language: Language): string {
  return (amount < 0 ? '−' : '+') + money(Math.abs(amount), currency, language);
}

export function count(value: number, language: Language): string {
  return new Intl.NumberFormat(locales[language]).format(value);
}

/** Rounded down, so that 100 % means all. */
export function percent(part: number, whole: number): number {
  return whole > 0 ? Math.min(100, Math.floor((part * 100) / whole)) : 0;
}

const days = (language: Language) =>
  new Intl.DateTimeFormat(locales[language], {
    timeZone,
    year: 'numeric',
    month: language === 'ko' ? 'long' : 'short',
    day: 'numeric',
  });

/** "2026년 6월 1일" or "Jun 1, 2026". */
export function date(instant: string, language: Language): string {
  return days(language).format(new Date(instant));
}

/** Both days, with what they share said once: "2026년 6월 1일~30일" or "Jun 1 – 30, 2026". */
export function dateRange(start: string, end: string, language: Language): string {
  return days(language).formatRange(new Date(start), new Date(end));
}

/** The date with the time of day, "2026년 6월 1일 00:00" or "Jun 1, 2026, 00:00". */
export function dateTime(instant: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], {
    timeZone,
    year: 'numeric',
    month: language === 'ko' ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(instant));
}
