// The browser SDK: a shop's page calls requestInvoice(), the customer pays on the checkout page, and the page hears how it went.
// Nothing that is sent from here decides a price: that was fixed when the shop's server made the invoice.
import { Checkout, type Failure, type Outcome } from './checkout';
import { member } from './protocol';

export const version: string = __SDK_VERSION__;

export interface InvoiceUser {
  user_id?: string;
  name?: string;
  phone?: string;
  email?: string;
  membership_type?: string;
  [field: string]: unknown;
}

export interface InvoiceProduct {
  product_id?: string;
  product_option_id?: string;
  quantity?: number;
  [field: string]: unknown;
}

/** For an invoice that the shop's server made, client_key and request_id are all that may be said. */
export interface InvoiceRequest {
  /** The app's public key; may be set once for all with configure() or data-client-key. */
  client_key?: string;
  /** The same one with which the shop's server made the invoice. */
  request_id: string;
  /** Where the customer goes afterwards; without it the promise tells the page. */
  redirect_url?: string;
  /** 'redirect' leaves the page for the checkout; anything else opens the checkout over the page. */
  extra?: { open_type?: 'iframe' | 'popup' | 'redirect'; [field: string]: unknown };
  // What follows is for a direct call alone: a fixed price, without discounts, and no invoice made by a server.
  name?: string;
  memo?: string;
  user?: InvoiceUser;
  products?: InvoiceProduct[];
  price?: number;
  tax_free_price?: number;
  metadata?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface InvoiceResult {
  event: 'done' | 'confirm';
  receipt_id: string;
  order_id: string;
  status: string | number;
  price: number;
  request_id: string;
  /** Everything that the checkout said of the payment. */
  payload: Record<string, unknown>;
}

export interface Options {
  client_key?: string;
  /** The server: "https://pay.example". Where the script was loaded from, unless it is said. */
  base_url?: string;
}

/** Why a call came to no payment; `code` is the server's or one of the SDK's own (see the README). */
export class CommerceError extends Error {
  readonly event: 'error' | 'cancel';
  readonly code: string;
  /** The same as `code`, by the name that the incumbent's SDK has for it. */
  readonly error_code: string;
  readonly request_id: string;

  constructor(event: 'error' | 'cancel', code: string, message: string, requestId: string = '') {
    super(message);
    this.name = 'CommerceError';
    this.event = event;
    this.code = code;
    this.error_code = code;
    this.request_id = requestId;
  }
}

const settings: Options = {};

/** What holds for all calls from now on; a call's own options come before it. */
export function configure(options: Options): void {
  Object.assign(settings, options);
}

let shown: { key: string; checkout: Checkout; result: Promise<InvoiceResult> } | null = null;

function resultOf({ event, payload }: Outcome): InvoiceResult {
  const receipt = payload['receipt_success_data'];
  return {
    event,
    receipt_id: String(payload['receipt_id'] ?? member(receipt, 'receipt_id') ?? ''),
    order_id: String(payload['order_id'] ?? member(receipt, 'order_id') ?? ''),
    status: (payload['status'] ?? '') as string | number,
    price: Number(payload['price'] ?? 0),
    request_id: String(payload['request_id'] ?? ''),
    payload,
  };
}

/** One checkout at a time. The same call again, by a second click, is the same call. */
function show(key: string, open: () => Checkout): Promise<InvoiceResult> {
  if (shown && shown.key === key && !shown.checkout.isOver) return shown.result;
  shown?.checkout.dismiss();
  const checkout = open();
  const result = checkout.outcome.then(resultOf, (failure: Failure) => {
    throw new CommerceError(failure.event, failure.code, failure.message, failure.requestId);
  });
  shown = { key, checkout, result };
  return result;
}

/**
 * Opens the invoice of `request_id` for payment. Resolves when it is paid; rejects with a CommerceError when the customer leaves
 * or the server refuses. With a redirect the page is left, and the promise stays open.
 */
export async function requestInvoice(request: InvoiceRequest, options: Options = {}): Promise<InvoiceResult> {
  const call = { ...request, client_key: request.client_key ?? options.client_key ?? settings.client_key };
  const requestId = String(call.request_id ?? '');
  const base = options.base_url ?? settings.base_url;
  if (!call.client_key) throw new CommerceError('error', 'CLIENT_KEY_MISSING', 'client_key is required', requestId);
  if (requestId === '') throw new CommerceError('error', 'REQUEST_ID_MISSING', 'request_id is required');
  if (!base) throw new CommerceError('error', 'BASE_URL_MISSING', 'base_url is required where the SDK was not loaded from the server itself', requestId);
  return show(JSON.stringify([base, call]), () => Checkout.ofCall(base, requestId, call));
}

/** The incumbent's newer name of the same call. */
export const requestCheckout: typeof requestInvoice = requestInvoice;

/** Opens the payment_url of an invoice, as its server got it. */
export async function requestCheckoutUrl(url: string): Promise<InvoiceResult> {
  if (!/^https?:\/\//.test(url)) throw new CommerceError('error', 'URL_NOT_VALID', 'the URL must be the payment_url of an invoice');
  return show(url, () => Checkout.ofUrl(url));
}

/** Takes the incumbent's call and does nothing: the server that is asked is the environment. */
export function setEnvironmentMode(_mode: string): void {}

export interface Commerce {
  version: string;
  configure: typeof configure;
  requestInvoice: typeof requestInvoice;
  requestCheckout: typeof requestCheckout;
  requestCheckoutUrl: typeof requestCheckoutUrl;
  setEnvironmentMode: typeof setEnvironmentMode;
  CommerceError: typeof CommerceError;
}

export const JangbuCommerce: Commerce = {
  version,
  configure,
  requestInvoice,
  requestCheckout,
  requestCheckoutUrl,
  setEnvironmentMode,
  CommerceError,
};
/** The name by which pages know the incumbent's SDK. */
export const BootpayCommerce: Commerce = JangbuCommerce;
export default JangbuCommerce;
