// The frame over the shop's page, in a modal dialog: the page behind it is inert, and the focus comes back to where it was. All
// styles are set through the CSSOM, which a strict content security policy of the shop allows.
import { closeRequest } from './protocol';

export const frameName = 'jangbu-commerce-checkout-iframe';

const narrowPx = 640;
const widestPx = 928;
const marginPx = 16;

/** A narrow screen, or a device that calls itself one that is held in a hand. */
export function isPhone(): boolean {
  return innerWidth < narrowPx || /Mobi|Android|iP(hone|od|ad)/.test(navigator.userAgent);
}

const texts = {
  ko: { title: '결제', loading: '결제 화면을 여는 중입니다', close: '닫기' },
  en: { title: 'Payment', loading: 'Opening the checkout', close: 'Close' },
};

function pageTexts(): (typeof texts)['ko'] {
  return /^ko\b/i.test(document.documentElement.lang || navigator.language) ? texts.ko : texts.en;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, styles: Record<string, string>): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setStyles(made, styles);
  return made;
}

/** Important, so that a rule of the shop's sheet for all buttons or frames changes nothing. */
function setStyles(target: HTMLElement, styles: Record<string, string>): void {
  for (const [name, value] of Object.entries(styles)) target.style.setProperty(name, value, 'important');
}

export class Overlay {
  readonly #origin: string;
  readonly #onLeave: () => void;
  readonly #dialog: HTMLDialogElement;
  readonly #frame: HTMLIFrameElement;
  readonly #waiting: HTMLElement;
  readonly #texts = pageTexts();
  #contentHeight = 0;
  #overflow = '';
  isRevealed = false;

  /** `onLeave`: the customer closes the overlay before the checkout has come. Afterwards the checkout itself is asked. */
  constructor(origin: string, onLeave: () => void) {
    this.#origin = origin;
    this.#onLeave = onLeave;
    this.#dialog = element('dialog', {
      position: 'fixed', inset: '0', width: '100%', height: '100%', 'max-width': 'none', 'max-height': 'none', margin: '0',
      padding: '0', border: '0', 'box-sizing': 'border-box', 'align-items': 'center', 'justify-content': 'center', overflow: 'hidden',
      background: 'rgb(15 20 18 / 60%)', display: 'flex',
    });
    this.#dialog.setAttribute('aria-label', this.#texts.title);
    this.#frame = element('iframe', { border: '0', display: 'none', background: 'transparent', 'box-shadow': '0 16px 48px rgb(0 0 0 / 30%)' });
    this.#frame.name = frameName;
    this.#frame.title = this.#texts.title;
    this.#frame.allow = 'payment';
    this.#waiting = this.#spinner();
    this.#dialog.append(this.#waiting, this.#frame);
    this.#dialog.addEventListener('cancel', (event) => {
      event.preventDefault(); // a payment may be under way: the checkout says whether it can be left
      this.#leave();
    });
    // Browsers close a dialog that refuses Escape twice. It ends when the checkout does.
    this.#dialog.addEventListener('close', () => {
      if (this.#dialog.isConnected) this.#dialog.showModal();
    });
  }

  /** Returns the frame's name. Without a URL a form is expected to fill the frame. */
  open(url?: string): string {
    if (url) this.#frame.src = url;
    document.body.append(this.#dialog);
    this.#overflow = document.documentElement.style.overflow;
    document.documentElement.style.overflow = 'hidden';
    this.#dialog.showModal();
    addEventListener('resize', this.#layout);
    this.#layout();
    return frameName;
  }

  isSource(source: MessageEventSource | null): boolean {
    return source !== null && source === this.#frame.contentWindow;
  }

  reveal(shown: boolean): void {
    this.isRevealed = shown;
    setStyles(this.#frame, { display: shown ? 'block' : 'none' });
    setStyles(this.#waiting, { display: shown ? 'none' : 'flex' });
    this.#layout();
    if (shown) this.#frame.focus();
  }

  /** What the checkout's content needs in height; the screen bounds it. */
  resize(height: unknown): void {
    const px = typeof height === 'string' ? Number.parseFloat(height) : height;
    if (typeof px !== 'number' || !Number.isFinite(px)) return;
    this.#contentHeight = px;
    this.#layout();
  }

  close(): void {
    removeEventListener('resize', this.#layout);
    document.documentElement.style.overflow = this.#overflow;
    this.#dialog.close(); // the focus goes back to where it was
    this.#dialog.remove();
  }

  #leave(): void {
    if (this.isRevealed) this.#frame.contentWindow?.postMessage(closeRequest, this.#origin);
    else this.#onLeave();
  }

  readonly #layout = (): void => {
    if (isPhone()) return setStyles(this.#frame, { width: '100%', height: '100%', 'border-radius': '0' });
    const room = innerHeight - 2 * marginPx;
    setStyles(this.#frame, {
      width: `${Math.min(widestPx, innerWidth - 2 * marginPx)}px`,
      height: `${Math.min(this.#contentHeight || room, room)}px`,
      'border-radius': '16px',
    });
  };

  #spinner(): HTMLElement {
    const box = element('div', {
      display: 'flex', 'flex-direction': 'column', 'align-items': 'center', gap: '16px', color: '#fff', font: '16px/1.5 system-ui, sans-serif',
    });
    const ring = element('span', {
      width: '32px', height: '32px', 'box-sizing': 'border-box', border: '3px solid #fff', 'border-right-color': 'transparent', 'border-radius': '50%',
    });
    ring.setAttribute('aria-hidden', 'true');
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) {
      ring.animate([{ transform: 'rotate(0)' }, { transform: 'rotate(360deg)' }], { duration: 800, iterations: Infinity });
    }
    const said = element('span', {});
    said.setAttribute('role', 'status');
    said.textContent = this.#texts.loading;
    const button = element('button', {
      'min-height': '44px', padding: '8px 20px', border: '1px solid #fff', 'border-radius': '8px', background: 'transparent', color: '#fff',
      font: 'inherit', cursor: 'pointer',
    });
    button.type = 'button';
    button.textContent = this.#texts.close;
    button.addEventListener('click', () => this.#onLeave());
    box.append(ring, said, button);
    return box;
  }
}
