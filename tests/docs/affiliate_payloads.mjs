// Readers of the payloads of docs/formats/affiliate-records.md, written from that page and from nothing else. Each takes the reader of
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

const rate = struct({ unit: code, value: number });
const amounts = struct({ quantity: number, price: won, base: won, incentive: won, fee: won });
const judged = struct({ conversion: number, status: code, confirmedAt: optional(instant), canceledAt: optional(instant), amounts });
const codeRate = struct({ code: text, base: rate, incentive: rate });
const row = struct({
  conversion: number, program: number, corrects: number, productCode: text, productName: text, categoryCode: text, categoryNames: list(text),
  price: won, base: rate, incentive: rate, fee: rate, amounts, day: number, happenedAt: instant, paidAt: optional(instant),
  confirmedAt: optional(instant), canceledAt: optional(instant), status: code,
});

const run = struct({ dueAt: instant, first: number, last: number, rest: number });
const payout = { number, affiliate: number, month: number, amount: won };

/** kind -> reader */
export const payloads = {
  60: struct({
    number, id: text, name: text, active: bool, hosts: list(text), gateway: text, homeUrl: text, deeplinks: bool, shape: code, batch: bool,
    listUrl: text, returnDays: number, networks: list(text), rate: number, burst: number,
  }),
  61: struct({
    number, merchant: number, code: text, name: text, kind: code, action: text, active: bool, window: number, base: rate, incentive: rate,
    fee: rate, byCategory: list(codeRate), byProduct: list(codeRate), tiers: list(struct({ from: won, base: rate, incentive: rate })),
    startsAt: instant, endsAt: optional(instant),
  }),
  62: struct({
    number, name: text, siteName: text, email: text, active: bool, key: hash, allMerchants: bool, merchants: list(number), reward: code,
    postbackUrl: text, uniqId: bool, approvedAt: instant,
  }),
  63: struct({
    number, merchant: number, eventCode: text, promoCode: text, affiliate: number, active: bool, startsAt: instant, endsAt: optional(instant),
  }),
  64: struct({ currency: text, day: number, wonPerUnit: won }),
  66: struct({
    merchant: number, affiliate: number, source: code, orderCode: text, currency: text, userName: text, lpinfo: text, promo: number,
    click: text, clickedAt: optional(instant), uId: text, device: code, marks: number, rows: list(row), judged: list(judged), entry,
  }),
  67: struct({ merchant: number, by: code, reason: text, judged: list(judged), entry }),
  68: struct({ run, day: number, nextAt: instant, merchants: list(number) }),
  69: struct({ run, conversions: list(number) }),
  70: struct({ run, conversions: list(struct({ conversion: number, fate: code, again: number })), entry }),
  71: struct({ ...payout, entry }),
  72: struct({ ...payout, status: code, note: text, entry }),
  73: struct({ affiliate: number, by: code, reward: code, postbackUrl: text, uniqId: bool, approvedAt: instant }),
  74: struct({ affiliate: number, by: code, bank: text, account: text, holder: text }),
  75: struct({ affiliate: number, by: code, postbackUrl: text, uniqId: bool, event: number }),
  76: struct({ merchant: number, day: number, orders: number, refused: number }),
  77: struct({ affiliate: number, by: code, bank: text, account: text, holder: text }),
};
