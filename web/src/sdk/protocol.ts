// What the checkout page and the page that opened it say to each other: JSON texts by postMessage, in the form that the
// incumbent's SDK reads. Both sides check where a message comes from before they look at it; this file knows nothing of that.

const hook = 'CommerceCheckoutEvent';

/** What the checkout says. */
export type CheckoutEvent = 'showOrHideIframe' | 'resize' | 'done' | 'confirm' | 'error' | 'cancel';

export interface Message {
  event: string;
  data: unknown;
}

export function encode(event: CheckoutEvent, data: unknown): string {
  return JSON.stringify({ bootpay_event: true, hook, event, data });
}

/** What the opener says to the checkout: the customer wants to leave. */
export const closeRequest = JSON.stringify({ bootpay_event: true, event: 'close' });

function parse(text: unknown): Record<string, unknown> | null {
  if (typeof text !== 'string') return null;
  try {
    const value: unknown = JSON.parse(text);
    const isOurs = typeof value === 'object' && value !== null && (value as Record<string, unknown>)['bootpay_event'] === true;
    return isOurs ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // other scripts send messages of their own
  }
}

/** A message of the checkout, or null for anything else. */
export function decode(text: unknown): Message | null {
  const value = parse(text);
  return value && value['hook'] === hook && typeof value['event'] === 'string' ? { event: value['event'], data: value['data'] } : null;
}

export function isCloseRequest(text: unknown): boolean {
  return parse(text)?.['event'] === 'close';
}

/** A member of what came from elsewhere, if it is an object. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** `url` with what happened in its query, behind what the query has already. */
export function withEvent(url: string, event: string, fields: Record<string, unknown>): string {
  const target = new URL(url, location.href);
  target.searchParams.set('event', event);
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    target.searchParams.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return target.href;
}
