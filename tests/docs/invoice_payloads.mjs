// Readers of the payloads of docs/formats/invoice-records.md, written from that page and from nothing else. Each takes the reader of
// formats.test.mjs and gives what a payload says.

const number = (in_) => in_.varint();
const code = number;
const text = (in_) => in_.text();
const bool = (in_) => in_.bool();
const instant = (in_) => in_.i64();
const hash = (in_) => in_.hash();
const won = (in_) => in_.balance();
const entry = (in_) => in_.entry();
const optional = (read) => (in_) => (in_.bool() ? read(in_) : null);
const list = (read) => (in_) => in_.list(() => read(in_));
const struct = (shape) => (in_) => Object.fromEntries(Object.entries(shape).map(([name, read]) => [name, read(in_)]));

const key = struct({ app: number, route: text, key: text, body: hash });
const cycle = struct({ type: code, name: text, months: number, value: won, least: optional(won), most: optional(won) });
const adjustment = struct({ id: text, name: text, start: optional(instant), end: optional(instant), cycles: list(cycle) });
const user = struct({ id: text, name: text, phone: text, email: text, membership: text, pushToken: text, extra: text });
const askedProduct = struct({
  product: text, option: text, name: text, price: optional(won), quantity: number, months: number, adjustments: list(adjustment),
});
const form = struct({
  requestId: text, name: text, title: text, memo: text, price: optional(won), taxFree: won, user, products: list(askedProduct),
  redirectUrl: text, useRedirect: bool, webhookUrl: text, metadata: text, expiresAt: optional(instant), expiresIn: optional(instant),
  sendTypes: list(code), notify: bool, sellerOrder: text,
});
const item = struct({
  product: text, option: text, registered: number, name: text, unitPrice: won, quantity: number, months: number,
  adjustments: list(adjustment),
});
const notice = struct({ type: code, state: code });
const cancel = struct({ number, madeAt: instant, order: number, purchasedAt: instant, amount: optional(won), reason: text });
const option = struct({ id: text, name: text, price: won });

const app = struct({
  id: number, clientKey: text, name: text, suspended: bool, rate: number, burst: number, zone: text, language: text, webhookUrl: text,
  origins: list(text), secrets: list(struct({ number, digest: hash, until: optional(instant) })),
});

/** kind -> reader */
export const payloads = {
  160: app,
  161: struct({
    key, product: number, deleted: bool, createdAt: instant, updatedAt: instant, sellerId: text, name: text, description: text,
    price: won, taxFree: won, type: number, onSale: bool, displayed: bool, options: list(option),
  }),
  162: struct({
    key, invoice: number, checkout: number, order: number, byBrowser: bool, replaces: number, form, items: list(item), price: won,
    amount: won, anchor: instant, zone: text, expiresAt: instant, linkBase: text, notices: list(notice), receipt: bool,
  }),
  163: struct({ key, invoice: number, madeAt: instant, reason: text }),
  164: struct({ key, invoice: number, madeAt: instant, notices: list(notice) }),
  165: struct({ key, cancel }),
  166: struct({ key, cancel, status: code, message: text }),
  167: struct({ key, cancel, made: bool, invoice: number, invoiceMadeAt: instant, attempt: number, entry }),
  168: struct({ key, url: text }),
  169: struct({ app: number, registrationNumber: text, representative: text, address: text, email: text, phone: text }),
  170: app,
};
