// One opened checkout: where it is shown, whom it listens to, and how it ends.
import { isPhone, Overlay } from './overlay';
import { decode, member, type Message, withEvent } from './protocol';

/** The checkout says something long before this, or it is not there. */
const patienceMs = 30_000;

export interface Outcome {
  event: 'done' | 'confirm';
  payload: Record<string, unknown>;
}

export interface Failure {
  event: 'error' | 'cancel';
  code: string;
  message: string;
  requestId: string;
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export class Checkout {
  readonly outcome: Promise<Outcome>;
  #resolve: (outcome: Outcome) => void = () => undefined;
  #reject: (failure: Failure) => void = () => undefined;
  #overlay: Overlay | null = null;
  #isOver = false;
  #timer = 0;
  readonly #origin: string;
  readonly #requestId: string;

  private constructor(origin: string, requestId: string) {
    this.#origin = origin;
    this.#requestId = requestId;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Posts a call; the server answers with the checkout, or with a page that says why not. */
  static ofCall(base: string, requestId: string, call: Record<string, unknown>): Checkout {
    const url = new URL(`${base.replace(/\/+$/, '')}/v1/invoices`);
    const wantsPage = member(call['extra'], 'open_type') === 'redirect';
    const leaves = wantsPage || (Boolean(call['redirect_url']) && isPhone());
    // Who leaves the page without a place to come back to comes back to it.
    const redirectUrl = call['redirect_url'] ?? (leaves ? location.href.replace(/#.*$/, '') : undefined);
    const payload = JSON.stringify({ ...call, redirect_url: redirectUrl, origin: location.origin, sdk: true });
    const checkout = new Checkout(url.origin, requestId);
    const form = document.createElement('form');
    form.method = 'post';
    form.action = url.href;
    form.acceptCharset = 'utf-8';
    form.hidden = true;
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'payload';
    field.value = payload;
    form.append(field);
    form.target = leaves ? '_self' : checkout.#show();
    document.body.append(form);
    form.submit();
    form.remove();
    return checkout;
  }

  /** Opens a checkout's own address. */
  static ofUrl(url: string): Checkout {
    const checkout = new Checkout(new URL(url).origin, '');
    checkout.#show(url);
    return checkout;
  }

  /** It has resolved or rejected; its frame may still say why. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends it, because another one takes its place. */
  dismiss(): void {
    this.#fail('cancel', 'CANCELLED', 'another checkout was opened');
    this.#close();
  }

  /** Shows the frame and listens to it; returns the frame's name. */
  #show(url?: string): string {
    this.#overlay = new Overlay(this.#origin, () => {
      this.#fail('cancel', 'CANCELLED', 'the checkout was closed');
      this.#close();
    });
    addEventListener('message', this.#listen);
    this.#timer = window.setTimeout(() => {
      this.#fail('error', 'NO_ANSWER', 'the checkout did not answer: is this page’s origin registered with the app?');
      this.#close();
    }, patienceMs);
    return this.#overlay.open(url);
  }

  readonly #listen = (event: MessageEvent): void => {
    // Only the frame that was opened here, and only while it shows a page of the server.
    if (event.origin !== this.#origin || !this.#overlay?.isSource(event.source)) return;
    const message = decode(event.data);
    if (!message) return;
    window.clearTimeout(this.#timer);
    this.#take(message);
  };

  #take({ event, data }: Message): void {
    switch (event) {
      case 'showOrHideIframe':
        this.#overlay?.reveal(data === true);
        break;
      case 'resize':
        this.#overlay?.resize(member(data, 'height'));
        break;
      case 'done':
      case 'confirm':
        this.#close();
        this.#succeed(event, asObject(member(data, 'payload')), data);
        break;
      case 'error': {
        const error = member(data, 'error');
        this.#fail('error', String(member(error, 'error_code') ?? 'ERROR'), String(member(error, 'message') ?? ''));
        // The frame stays for the customer to read, unless there is nothing to be seen.
        if (!this.#overlay?.isRevealed) this.#close();
        break;
      }
      case 'cancel':
        this.#close();
        this.#fail('cancel', 'CANCELLED', 'the customer left the checkout');
        break;
      default: // a later server may say more
    }
  }

  #succeed(event: 'done' | 'confirm', payload: Record<string, unknown>, data: unknown): void {
    const redirectUrl = member(data, 'redirect_url');
    this.#isOver = true;
    if (member(data, 'use_redirect') === true && typeof redirectUrl === 'string' && /^https?:\/\//.test(redirectUrl)) {
      const { request_id, order_number, metadata } = payload;
      location.assign(withEvent(redirectUrl, event, { request_id, order_number, metadata }));
      return;
    }
    this.#resolve({ event, payload });
  }

  #fail(event: 'error' | 'cancel', code: string, message: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (event === 'error') console.error(`JangbuCommerce: ${code}: ${message}`);
    this.#reject({ event, code, message, requestId: this.#requestId });
  }

  #close(): void {
    window.clearTimeout(this.#timer);
    removeEventListener('message', this.#listen);
    this.#overlay?.close();
    this.#overlay = null;
  }
}
