// The page that opened this checkout: in a frame it is told how things go, and may ask for the end; on a page of its own the
// checkout knows where to go back to.
import { useEffect, useRef, useState } from 'preact/hooks';

import { type CheckoutEvent, encode, isCloseRequest, withEvent } from '../sdk/protocol';
import { type Invoice, isOfSeller, readInvoice } from './invoice';
import { type CheckoutStatus, safeUrl, type Session } from './session';

/** What the server put into the address when it answered the call of a page. It is checked before it is used. */
const asked = new URLSearchParams(location.search);

export const isFramed = window.parent !== window;

const originOf = (url: string): string | null => safeUrl(url)?.origin ?? null;

/** The origin of the page around this one, as far as it is known. The browser delivers to that origin and to no other. */
export function claimedOrigin(): string | null {
  return [asked.get('origin'), location.ancestorOrigins?.[0], originOf(document.referrer)].find(Boolean) ?? null;
}

/** The seller's page around this one; null: there is none, or it is somebody else's. */
function openerOrigin(invoice: Invoice | null): string | null {
  const claimed = isFramed ? claimedOrigin() : null;
  return claimed && invoice && isOfSeller(invoice, claimed) ? claimed : null;
}

export function say(origin: string, event: CheckoutEvent, data: unknown): void {
  window.parent.postMessage(encode(event, data), origin);
}

interface Reason {
  error_code: string;
  message: string;
}

export function sayError(origin: string, error: Reason, requestId: string): void {
  say(origin, 'error', { use_redirect: false, redirect_url: null, error, payload: { request_id: requestId } });
}

/** Shows the frame, and keeps its height that of the content. */
export function useFrame(origin: string | null): void {
  useEffect(() => {
    const root = document.getElementById('root');
    if (!origin || !root) return undefined;
    document.documentElement.classList.add('framed');
    say(origin, 'showOrHideIframe', true);
    const observer = new ResizeObserver(() => say(origin, 'resize', { height: Math.ceil(root.getBoundingClientRect().height) }));
    observer.observe(root);
    return () => observer.disconnect();
  }, [origin]);
}

/** Why nothing can be paid here any more. */
const endings: Partial<Record<CheckoutStatus, Reason>> = {
  cancelled: { error_code: 'INVOICE_CANCELLED', message: 'the invoice was cancelled' },
  expired: { error_code: 'INVOICE_EXPIRED', message: 'the time to pay the invoice has passed' },
  refunding: { error_code: 'INVOICE_REFUNDED', message: 'the payment of the invoice is being refunded' },
  refunded: { error_code: 'INVOICE_REFUNDED', message: 'the payment of the invoice was refunded' },
};

const redirectUrlOf = (invoice: Invoice): string | null => invoice.redirect_url || asked.get('redirect_url');

async function sayDone(origin: string): Promise<void> {
  const invoice = await readInvoice();
  if (!invoice?.done) return;
  const redirectUrl = redirectUrlOf(invoice);
  const wanted = asked.has('redirect_url') || invoice.use_redirect === true;
  say(origin, 'done', { use_redirect: wanted && redirectUrl !== null, redirect_url: redirectUrl, payload: invoice.done });
}

export interface Opener {
  isThere: boolean;
  /** Leaves the checkout; null when it cannot be left. */
  leave: (() => void) | null;
}

/** Whether money may be moving: while it is, the customer stays; when it takes long, whoever leaves does not know how it ends. */
export type Moving = 'no' | 'now' | 'long';

const pending = { error_code: 'PAYMENT_PENDING', message: 'the outcome of the payment is not known yet' };

/** Tells the opener what becomes of the checkout. */
export function useOpener(invoice: Invoice | null, session: Session | null, moving: Moving): Opener {
  const [origin, setOrigin] = useState<string | null>(null);
  useEffect(() => setOrigin(openerOrigin(invoice)), [invoice]);
  useFrame(origin);

  const status = session?.status;
  useEffect(() => {
    if (!origin || !invoice || !status) return;
    const ending = endings[status];
    if (status === 'paid') void sayDone(origin);
    if (ending) sayError(origin, ending, invoice.request_id);
  }, [origin, status]);

  const leave = useRef<(() => void) | null>(null);
  leave.current =
    !origin || !invoice || moving === 'now'
      ? null
      : () => {
          if (moving === 'long') sayError(origin, pending, invoice.request_id);
          say(origin, 'cancel', null);
        };
  useEffect(() => {
    if (!origin) return undefined;
    const listen = (event: MessageEvent) => {
      if (event.source === window.parent && event.origin === origin && isCloseRequest(event.data)) leave.current?.();
    };
    addEventListener('message', listen);
    return () => removeEventListener('message', listen);
  }, [origin]);

  return { isThere: origin !== null, leave: leave.current };
}

/** The page's own redirect_url, where it leads to a page of the seller; else nobody knows who wrote it. */
function askedUrl(invoice: Invoice | null): URL | null {
  const url = safeUrl(asked.get('redirect_url'));
  return url && invoice && isOfSeller(invoice, url.origin) ? url : null;
}

/** Where the customer goes after paying: the server's own place before the page's. */
export function returnTarget(session: Session, invoice: Invoice | null): URL | null {
  const url = safeUrl(invoice?.redirect_url) ?? askedUrl(invoice);
  if (!invoice || !url) return safeUrl(session.returnUrl);
  const { order_number, metadata } = invoice.done ?? {};
  return new URL(withEvent(url.href, 'done', { request_id: invoice.request_id, order_number, metadata }));
}

/** Where the customer goes without paying. */
export function cancelTarget(session: Session, invoice: Invoice | null): URL | null {
  const own = safeUrl(session.cancelUrl);
  const url = askedUrl(invoice);
  if (own || !url || !invoice || isFramed) return own;
  return new URL(withEvent(url.href, 'cancel', { request_id: invoice.request_id }));
}
