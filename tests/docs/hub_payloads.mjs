// Readers of the payloads of docs/formats/payment-records.md and hub-records.md, written from those pages and from nothing else.
// Each takes the reader of formats.test.mjs and gives what a payload says.

const optional = (in_, read) => (in_.bool() ? read() : null);
const number = (in_) => in_.varint();
const won = (in_) => in_.balance();

/** A payload whose fields are named in their order: `fields(in_, {order: number, code: text})`. */
function fields(in_, shape) {
  return Object.fromEntries(Object.entries(shape).map(([name, read]) => [name, read(in_)]));
}

const text = (in_) => in_.text();
const bool = (in_) => in_.bool();
const instant = (in_) => in_.i64();
const hash = (in_) => in_.hash();
const entry = (in_) => in_.entry();
const code = number;

const key = (in_) => fields(in_, { app: number, route: text, key: text, body: hash });
const contact = (in_) => fields(in_, { email: text, name: text, phone: text });
const partnerForm = (in_) => fields(in_, {
  companyName: text, country: text, businessNumber: text, email: text, name: text, phone: text, agreed: text,
});
const campaignForm = (in_) => fields(in_, {
  productName: text, productPrice: won, thumbnailUrl: text, channel: text, purchaseUrl: text, offers: number, reward: won,
  reviewPrice: won, start: instant, end: instant, targetCode: text, targetLevelCode: text,
  minFollowCount: (at) => optional(at, () => number(at)),
});
const onboard = (in_) => fields(in_, { partner: partnerForm, campaign: campaignForm, orderCode: text });
const gate = (in_) => fields(in_, { required: won, available: won });
const partnerPart = (in_) => fields(in_, {
  partner: number, manager: number, madePartner: bool, madeManager: bool, form: (at) => optional(at, () => partnerForm(at)),
});
const invite = (in_) => fields(in_, { invite: number, expiresAt: instant, mail: bool, linkBase: text });
const move = (in_) => fields(in_, { campaign: number, from: code, to: code, released: won });

const secret = (in_) => fields(in_, { number, until: (at) => optional(at, () => instant(at)) });

const shapes = {
  40: { attempt: number, checkout: number, acquirer: text, orderId: text, formKey: text },
  41: {
    attempt: number, status: (in_) => in_.u8(), consequence: (in_) => in_.u8(), expires: bool, returnBy: number, reference: text, code: text,
    message: text, cardBrand: text, cardLast4: text, note: text, entry,
  },
  42: { dueAt: instant, first: number, last: number, checkouts: (in_) => in_.list(() => number(in_)) },
  43: { key: number, attempt: number, cardBrand: text, cardLast4: text },
  44: { key: number },
  120: {
    id: number, code: text, label: text, scope: code, suspended: bool, reviewRequired: bool, rate: number, burst: number, dueDays: number,
    unconsumedMinutes: number, secrets: (in_) => in_.list(() => secret(in_)),
  },
  121: {
    key, order: number, checkout: number, code: text, amount: won, productName: text, lead: text,
    partner: (in_) => optional(in_, () => number(in_)), buyer: (in_) => fields(in_, { name: text, email: text, phone: text }), returnUrl: text,
    webhookUrl: text, metadata: text, onboard: (in_) => optional(in_, () => onboard(in_)), linkBase: text, expiresAt: instant, onboardBody: hash,
  },
  122: { key, order: number, code: text, reason: text },
  123: {
    key, order: number, code: text, attempt: number, amount: won, reason: text, byOperator: bool,
    unwound: (in_) => optional(in_, () => number(in_)), entry,
  },
  124: {
    key, byItself: bool, order: number, charged: won, partner: partnerPart, campaign: number, form: campaignForm, status: code, dueAt: instant,
    gate, invite, entry,
  },
  125: { order: number, code: text },
  126: { key, partner: partnerPart, entry },
  127: { key, partner: number, campaign: number, country: text, form: campaignForm, status: code, dueAt: instant, gate, entry },
  128: { key, campaign: number, from: code, status: code, gate, entry },
  129: { dueAt: instant, first: number, last: number, done: bool, moves: (in_) => in_.list(() => move(in_)), entry },
  130: { campaign: number, from: code, to: code, reason: text, released: won, held: won, entry },
  131: { key, apply: number, campaign: number, reviewer: text, state: code },
  132: { key, apply: number, from: code, to: code },
  133: { key, review: number, apply: number, made: bool, from: code, state: code, url: text, text },
  134: { key, review: number, from: code, to: code, reward: won, settled: (in_) => optional(in_, () => move(in_)), entry },
  135: { partner: number, manager: number, before: contact, after: contact },
  136: { partner: number, manager: number, invite },
  137: { manager: number, invite: number, hash: text },
  138: { onboarded: number, emailSent: bool, sentAt: instant },
  140: { partner: number, manager: number, by: number, invite },
  141: { partner: number, manager: number, by: number, mail: bool },
  142: { partner: number, manager: number, invite },
  143: { partner: number, manager: number, hash: text, mail: bool },
  144: { partner: number, manager: number, by: number, mail: bool },
  139: { dueAt: instant, first: number, last: number, done: bool, orders: (in_) => in_.list(() => number(in_)) },
};

/** kind -> reader */
export const payloads = Object.fromEntries(Object.entries(shapes).map(([kind, shape]) => [kind, (in_) => fields(in_, shape)]));
