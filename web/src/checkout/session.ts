// The checkout as the server tells of it, and what can be asked of it.
import { type Answer, read, send } from '../base/fetch';
import type { Card } from './card';

export type CheckoutStatus = 'open' | 'paying' | 'paid' | 'cancelled' | 'expired' | 'refunding' | 'refunded';

export interface Item {
  name: string;
  quantity: number;
  amount: number;
}

export interface TossMethod {
  type: 'toss';
  clientKey: string;
  orderId: string;
  /** With it the window asks for a card that may be kept. */
  customerKey?: string;
}

export type Method = { type: 'card' } | TossMethod;

export interface TestCard {
  number: string;
  outcome: string;
}

/** Whether the card is kept, to be charged again without the customer; 'keep' charges nothing now. */
export type Purpose = 'pay' | 'pay_and_keep' | 'keep';

export interface Session {
  reference: string;
  purpose: Purpose;
  name: string;
  items: Item[];
  amount: number;
  /** What went back of it so far. */
  refunded: number;
  currency: string;
  status: CheckoutStatus;
  /** Masked where a page opened the checkout: its link does not tell who the customer is. */
  buyer: { name: string; email: string; masked?: boolean };
  returnUrl: string | null;
  cancelUrl?: string | null;
  /** No date: it does not end. */
  /** null: it does not end */
  expiresAt: string | null;
  now: string;
  methods: Method[];
  sandbox: boolean;
  testCards: TestCard[];
}

/** What came of an attempt to pay. */
export type Outcome =
  | { kind: 'paid'; returnUrl: string | null }
  | { kind: 'declined'; code: string }
  | { kind: 'needs_authentication'; attempt: string }
  | { kind: 'pending' }
  | { kind: 'invalid'; fields: Record<string, string> }
  | { kind: 'closed' } // paid, cancelled or expired by now: the session has the news
  | { kind: 'later'; seconds: number } // too many requests, or the server is busy
  | { kind: 'too_many_declines'; seconds: number };

/** Where this page's API is: /checkout/{token}. */
export const base = location.pathname.replace(/\/+$/, '');

export const readSession = () => read<Session>(`${base}/session`);

interface Body {
  status?: string;
  returnUrl?: string | null;
  code?: string;
  attempt?: string | number;
  fields?: Record<string, string>;
}

function outcomeOf({ status, body, retryAfterSeconds }: Answer): Outcome {
  const said = (body ?? {}) as Body;
  if (status === 422) return { kind: 'invalid', fields: said.fields ?? {} };
  if (said.status === 'too_many_attempts') return { kind: 'too_many_declines', seconds: retryAfterSeconds ?? 3600 };
  if (status === 429 || status >= 500) return { kind: 'later', seconds: retryAfterSeconds ?? 1 };
  if (said.status === 'paid' && status === 200) return { kind: 'paid', returnUrl: said.returnUrl ?? null };
  if (said.status === 'declined') return { kind: 'declined', code: said.code ?? '' };
  if (said.status === 'needs_authentication') return { kind: 'needs_authentication', attempt: String(said.attempt) };
  if (said.status === 'pending') return { kind: 'pending' };
  return { kind: 'closed' };
}

/** `key` stands for one try: sent twice, it is one attempt. */
export async function pay(card: Card, key: string): Promise<Outcome> {
  const number = card.number.replace(/\D/g, '');
  return outcomeOf(await send('POST', `${base}/pay`, { card: { ...card, number, holder: card.holder.trim() }, key }));
}

export async function authenticate(attempt: string, code: string): Promise<Outcome> {
  return outcomeOf(await send('POST', `${base}/authenticate`, { attempt, code }));
}

export async function confirmToss(paymentKey: string, orderId: string, amount: number): Promise<Outcome> {
  return outcomeOf(await send('POST', `${base}/toss`, { paymentKey, orderId, amount }));
}

export async function confirmTossCard(authKey: string, customerKey: string): Promise<Outcome> {
  return outcomeOf(await send('POST', `${base}/toss`, { authKey, customerKey }));
}

/** When the time to pay ends; null: it does not. */
export function endOf(session: Session): Date | null {
  return session.expiresAt === null ? null : new Date(session.expiresAt);
}

/** A random UUID; crypto.randomUUID exists only on secure origins, and a sandbox may be reached over plain HTTP. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The URL, when it is one that a page may be sent to. */
export function safeUrl(url: string | null | undefined): URL | null {
  if (!url) return null;
  try {
    const parsed = new URL(url);
    return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed : null;
  } catch {
    return null;
  }
}

const attemptKey = `jangbu.attempt.${base}`;

/** Remembers, in this tab, the attempt that waits for its code, so that a reload of the page does not lose it. */
export function keepAttempt(attempt: string | null): void {
  try {
    if (attempt === null) sessionStorage.removeItem(attemptKey);
    else sessionStorage.setItem(attemptKey, attempt);
  } catch {
    // Storage is switched off: after a reload the page waits for the attempt's end instead.
  }
}

export function keptAttempt(): string | null {
  try {
    return sessionStorage.getItem(attemptKey);
  } catch {
    return null;
  }
}
