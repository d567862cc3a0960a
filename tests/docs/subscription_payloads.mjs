// Readers of the payloads of docs/formats/subscription-records.md, written from that page and from nothing else, as
// invoice_payloads.mjs.
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
const product = struct({ name: text, unitPrice: won, quantity: number, months: number, adjustments: list(adjustment) });
const running = struct({
  number, first: number, last: number, amount: won, taxFree: won, name: text, type: code, madeAt: instant,
});
const rest = struct({ fromMonth: number, months: number });
const terms = struct({
  name: text, user, anchor: struct({ firstDueAt: instant, zone: text }), rests: list(rest), products: list(product),
  adjustments: list(running), made: number, revoked: number,
});
const next = struct({ bill: number, month: number, dueAt: instant, amount: won });
const cancel = struct({ number, madeAt: instant, order: number, purchasedAt: instant, amount: optional(won), reason: text });
const row = { dueAt: instant, first: number, last: number, rest: number };

/** kind -> reader */
export const payloads = {
  180: struct({
    ...row, bills: list(struct({ bill: number, fate: code, checkout: number, attempt: number, next: optional(next), endsAt: instant })),
  }),
  181: struct({ ...row, bills: list(struct({ bill: number, attempt: number, later: instant })) }),
  182: struct({ ...row, subscriptions: list(struct({ subscription: number, ends: bool, rests: list(rest), ready: optional(next) })) }),
  183: struct({
    key, subscription: number, startedAt: instant, action: code, reason: text, status: code, terms, wakesAt: instant,
    ready: optional(next), request: number,
  }),
  184: struct({
    key, subscription: number, startedAt: instant, status: code, reason: text, endsAt: instant,
    settlement: struct({ fee: won, unused: won, final: won }), kind: code,
    bill: optional(struct({ bill: number, checkout: number, attempt: number })),
    refund: optional(struct({ bill: number, attempt: number, amount: won, cancel: optional(cancel) })), entry, request: number,
  }),
  185: struct({
    key, request: number, madeAt: instant, subscription: number, startedAt: instant, type: code, reason: text, endsAt: instant, price: won,
    user,
  }),
  186: struct({ key, request: number, subscription: number, startedAt: instant, reason: text }),
  187: struct({ key, subscription: number, startedAt: instant, checkout: number, expiresAt: instant, returnUrl: text, linkBase: text }),
  188: struct({ key, subscription: number, bill: number, checkout: number, attempt: number, amount: won, metadata: text }),
  189: struct({ key, bill: number, madeAt: instant, dueAt: instant, amount: won }),
  190: struct({
    dueAt: instant, work: number, first: number, last: number, rest: number,
    places: list(struct({ app: number, status: code, at: instant, bill: number })), bills: list(number),
  }),
};
