// What is typed into the card form: its shape while it is typed, and what can be said of it before it is sent. The server
// checks all of it again.

export interface Card {
  number: string;
  expiry: string;
  cvc: string;
  holder: string;
}

export type CardField = keyof Card;

/** Why a field cannot be right. */
export type Fault = 'missing' | 'number' | 'expiry' | 'expired' | 'cvc';

/** Whose test card it is where nobody says who pays. */
export const testHolder = 'TEST CARD';

export const noCard: Card = { number: '', expiry: '', cvc: '', holder: '' };

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** "3782 822463 10005" for American Express, groups of four for all others. */
export function groupNumber(typed: string): string {
  const digits = digitsOf(typed).slice(0, 19);
  const pattern = /^3[47]/.test(digits) ? /^(\d{1,4})(\d{1,6})?(\d{1,9})?/ : /(\d{1,4})/g;
  if (pattern.global) return (digits.match(pattern) ?? []).join(' ');
  return (pattern.exec(digits) ?? []).slice(1).filter(Boolean).join(' ');
}

/** "12/29": a month that needs no second digit gets its zero, and the slash comes by itself. */
export function groupExpiry(typed: string): string {
  const slashed = /^\s*(\d)\s*\//.exec(typed);
  let digits = digitsOf(slashed ? `0${typed}` : typed).slice(0, 4);
  if (/^[2-9]/.test(digits)) digits = `0${digits}`.slice(0, 4);
  if (digits.length > 2) return `${digits.slice(0, 2)}/${digits.slice(2)}`;
  return digits.length === 2 && typed.endsWith('/') ? `${digits}/` : digits;
}

export const groupCvc = (typed: string): string => digitsOf(typed).slice(0, 4);

/** Where the caret belongs after `typed`, with the caret at `at`, became `shaped`: behind the same digit. */
export function caretAfter(typed: string, at: number, shaped: string): number {
  if (at >= typed.length) return shaped.length;
  let left = digitsOf(typed.slice(0, at)).length;
  let caret = 0;
  while (left > 0 && caret < shaped.length) {
    if (/\d/.test(shaped.charAt(caret))) left -= 1;
    caret += 1;
  }
  return caret;
}

export function luhnHolds(number: string): boolean {
  const digits = digitsOf(number);
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - i));
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** A card is good to the end of its month, in Seoul; `now` is the server's. */
function expiryFault(expiry: string, now: Date): Fault | null {
  const parts = /^(\d\d)\/(\d\d)$/.exec(expiry);
  if (!parts) return 'expiry';
  const month = Number(parts[1]);
  if (month < 1 || month > 12) return 'expiry';
  const seoul = new Date(now.getTime() + 9 * 3_600_000);
  const months = (2000 + Number(parts[2])) * 12 + month - 1;
  return months < seoul.getUTCFullYear() * 12 + seoul.getUTCMonth() ? 'expired' : null;
}

/** All faults at once. */
export function faultsOf(card: Card, now: Date): Partial<Record<CardField, Fault>> {
  const faults: Partial<Record<CardField, Fault>> = {};
  const number = digitsOf(card.number);
  if (number === '') faults.number = 'missing';
  else if (number.length < 13 || !luhnHolds(number)) faults.number = 'number';
  if (card.expiry.trim() === '') faults.expiry = 'missing';
  else {
    const fault = expiryFault(card.expiry, now);
    if (fault) faults.expiry = fault;
  }
  if (card.cvc === '') faults.cvc = 'missing';
  else if (card.cvc.length < 3) faults.cvc = 'cvc';
  if (card.holder.trim() === '') faults.holder = 'missing';
  return faults;
}

/** An expiry that a test card may have: three years after the server's now. */
export function testExpiry(now: Date): string {
  const month = String(now.getUTCMonth() + 1).padStart(2, '0');
  return `${month}/${String((now.getUTCFullYear() + 3) % 100).padStart(2, '0')}`;
}
