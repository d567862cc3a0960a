// What the API would answer, for the states that a real server is hard to bring into: the pages, with their headers, come from
// the server itself.

const now = '2026-05-25T01:00:00.000Z';

export const session = {
  reference: 'HUBPAY-20260525-7KQ2',
  name: '피카소 젤 아이라이너 구매평 캠페인',
  items: [{ name: '리뷰어 보상 20,600원', quantity: 10, amount: 206000 }],
  amount: 206000,
  refunded: 0,
  currency: 'KRW',
  purpose: 'pay',
  status: 'open',
  buyer: { name: '홍길동', email: 'ceo@abc.com' },
  returnUrl: 'https://shop.example/done?orderCode=HUBPAY-20260525-7KQ2&status=PAID',
  expiresAt: '2026-05-25T02:00:00.000Z',
  now,
  methods: [{ type: 'card' }],
  sandbox: true,
  testCards: [
    { number: '4242424242424242', outcome: 'success' },
    { number: '4000000000000002', outcome: 'declined' },
    { number: '4000000000000069', outcome: 'expired card' },
    { number: '4000000000009995', outcome: 'insufficient funds' },
    { number: '4000002760003184', outcome: 'needs authentication, code 123456' },
    { number: '4000000000000119', outcome: 'no answer in time, but charged' },
    { number: '4000000000000127', outcome: 'no answer in time, and not charged' },
    { number: '4000000000000135', outcome: 'success, answered twice' },
  ],
};

/** 24 months of 10,000 won, as the guide's example adjusts them. */
const bill = (month) => {
  const lines = [{ type: 'product', name: 'Pro 플랜', price: 10000 }];
  if (month === 1) lines.push({ type: 'discount_percent', name: '첫 구매 할인 20%', price: -500 }, { type: 'setup_fee', name: '도입비', price: 500 });
  if (month === 2 || month === 3) lines.push({ type: 'discount_price', name: '첫 구매 할인', price: -100 });
  return {
    month,
    due_at: new Date(Date.UTC(2026, 4 + month - 1, 25, 1)).toISOString(),
    price: lines.reduce((sum, line) => sum + line.price, 0),
    lines,
  };
};

/** What GET /checkout/{token}/invoice answers for a subscription of 24 months. */
export const invoice = {
  invoice_id: '6650a1f2c3d4e5f6a7b8c9d0',
  request_id: 'order-7',
  name: 'Pro 플랜 24개월',
  seller: { name: '주식회사 에이비씨' },
  status: 'open',
  price: 10000,
  currency: 'KRW',
  billing_schedule: Array.from({ length: 24 }, (_, index) => bill(index + 1)),
  subscription: true,
  embed: { origins: ['https://shop.example'], any: false },
  pdf_url: 'https://pay.example/invoices/6650a1f2c3d4e5f6a7b8c9d0.pdf',
};

/** The session beside it. */
export const invoiceSession = { ...session, purpose: 'pay_and_keep', reference: 'INV-20260525-0001', name: invoice.name, items: [], amount: 10000, returnUrl: null };

/** What it says of itself when it is paid. */
export const donePayload = {
  request_id: 'order-7', order_number: 'INV-20260525-0001', order_name: invoice.name, price: 10000, status: 2, metadata: { cart: '9' },
  receipt_id: '6650a1f2c3d4e5f6a7b8c9d1', order_id: '6650a1f2c3d4e5f6a7b8c9d2',
  receipt_success_data: { receipt_id: '6650a1f2c3d4e5f6a7b8c9d1', order_id: '6650a1f2c3d4e5f6a7b8c9d2', price: 10000, method: 'card' },
};

const json = (route, status, body, headers = {}) =>
  route.fulfill({ status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });

/**
 * A checkout. `invoice`: what is behind it, if it is of the invoice door. `sessions` are answered one after the other, the last one again and again; `answers` are those of /pay,
 * /authenticate and /toss in turn: [status, body, headers], or null for no answer at all. The bodies that came are kept.
 */
export class MockCheckout {
  sent = [];

  static async on(page, { sessions = [session], answers = [], invoice: billed = null } = {}) {
    const mock = new MockCheckout();
    let reads = 0;
    await page.route('**/checkout/*/session', (route) => {
      const answer = sessions[Math.min(reads++, sessions.length - 1)];
      if (answer === null) return route.abort();
      return answer.status === undefined ? json(route, answer.error, {}) : json(route, 200, answer);
    });
    await page.route('**/checkout/*/invoice', (route) => (billed ? json(route, 200, billed) : json(route, 404, {})));
    for (const action of ['pay', 'authenticate', 'toss']) {
      await page.route(`**/checkout/*/${action}`, (route) => {
        mock.sent.push({ action, headers: route.request().headers(), body: route.request().postDataJSON() });
        const answer = answers.shift();
        return answer ? json(route, ...answer) : route.abort();
      });
    }
    await page.route('https://shop.example/**', (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<title>shop</title>back' }));
    return mock;
  }
}

export const invite = { companyName: '주식회사 에이비씨', email: 'ceo@abc.com', status: 'open', expiresAt: '2026-05-26T01:01:23.000Z' };

/** An invitation, and the answers to passwords in turn. */
export async function mockInvite(page, { invites = [invite], answers = [] } = {}) {
  const sent = [];
  let reads = 0;
  await page.route('**/partner/api/invites/*', (route) => {
    if (route.request().method() === 'GET') {
      const found = invites[Math.min(reads++, invites.length - 1)];
      return found.status === undefined ? json(route, found.error, {}) : json(route, 200, found);
    }
    sent.push({ headers: route.request().headers(), body: route.request().postDataJSON() });
    const answer = answers.shift();
    return answer ? json(route, ...answer) : route.abort();
  });
  return sent;
}

const progress = {
  offerCount: 10, applied: 23, underSelection: 3, selected: 10, notSelected: 10,
  reviewSubmitted: 7, reviewPending: 1, reviewApproved: 6, reviewRejected: 0, reviewDraft: 2,
};

const campaign = {
  campaignId: '73254',
  name: '피카소 젤 아이라이너',
  channel: 'Coupang',
  thumbnailUrl: 'https://cdn.example.com/p1.jpg',
  productPrice: 19900,
  rewardPoints: 20600,
  purchaseUrl: 'https://www.coupang.com/vp/products/12345',
  status: 'IN_PROGRESS',
  statusLabel: '진행중',
  statusCode: '1213',
  period: { startAt: '2026-06-01T00:00:00+09:00', endAt: '2026-06-30T23:59:59+09:00', dueAt: '2026-07-14T23:59:59+09:00' },
  externalRef: 'HUBPAY-20260525-7KQ2',
  progress,
  createdAt: '2026-05-25T10:00:00+09:00',
};

const others = [
  ['IN_PROGRESS', '1209', '수분 가득 시카 앰플 30ml 두 개 세트와 여행용 파우치 증정 기획', 0, 0],
  ['TEMPORARY_SAVED', '1206', '저자극 어린이 선크림 SPF50+', 0, 0],
  ['UNDER_REVIEW', '1207', '스테인리스 텀블러', 0, 0],
  ['REVISION_REQUESTED', '1211', 'Oat milk barista edition', 0, 0],
  ['COMPLETED', '1212', '콜드브루 원액 500ml', 10, 10],
  ['REJECTED', '1210', '다이어트 보조제', 0, 0],
  ['READY', '1208', '무선 청소기 필터', 0, 0],
];

export const campaigns = [
  campaign,
  ...others.map(([status, statusCode, name, selected, reviewApproved], index) => ({
    ...campaign,
    campaignId: String(73253 - index),
    name,
    status,
    statusCode,
    thumbnailUrl: null,
    progress: { ...progress, applied: selected, underSelection: 0, selected, notSelected: 0, reviewSubmitted: reviewApproved, reviewPending: 0, reviewApproved, reviewDraft: 0 },
  })),
];

const review = (index) => {
  const status = ['PENDING', 'APPROVED', 'REJECTED'][index % 3];
  return {
    reviewId: String(9000 - index),
    campaignId: '73254',
    productName: campaign.name,
    reviewer: index === 1 ? 'ki***@mail.example' : `reader-${index}`,
    status,
    writtenAt: new Date(Date.parse('2026-06-20T03:30:00Z') - index * 7_200_000).toISOString(),
    judgedAt: status === 'PENDING' ? null : '2026-06-21T10:00:00+09:00',
    reward: 20600,
    paid: status === 'APPROVED' ? 20600 : 0,
    currency: 'KRW',
    url: index === 2 ? null : 'https://www.coupang.com/reviews/1',
    text: index === 0 ? `${'발색이 좋고 하루 종일 번지지 않아요. '.repeat(8)}\n\n${'x'.repeat(120)}` : '촉촉하고 좋아요.',
  };
};

const movement = (index) => {
  const kind = ['charge', 'reward', 'reward', 'refund'][index % 4];
  return {
    at: new Date(Date.parse('2026-06-20T03:30:00Z') - index * 7_200_000).toISOString(),
    kind,
    amount: kind === 'reward' ? 20600 : 206000,
    campaignId: kind === 'reward' ? '73254' : null,
    orderCode: kind === 'reward' ? null : 'HUBPAY-20260525-7KQ2',
  };
};

const managers = [
  { managerId: '1', email: 'ceo@abc.com', name: '홍길동', contact: true, hasPassword: true, since: '2026-05-25T10:00:00+09:00' },
  { managerId: '10', email: 'a-rather-long-address.of-the-marketing-team@agency.example.com', name: '박영희', contact: false, hasPassword: true, since: '2026-06-01T10:00:00+09:00' },
  { managerId: '11', email: 'lee@abc.com', name: '이몽룡', contact: false, hasPassword: false, since: '2026-06-20T10:00:00+09:00' },
];

/** A portal; `signedIn` says whether there is a session from the start. */
export class MockPortal {
  sent = [];
  failNext = 0;

  static async on(page, { signedIn = true, list = campaigns, movements = 12, reviews = 7, signIns = [], forgotten = [], passwords = [], contact = true } = {}) {
    const mock = new MockPortal();
    mock.signedIn = signedIn;
    const answers = { 'password/forgotten': [...forgotten], password: [...passwords] };
    const me = { companyName: '주식회사 에이비씨', email: 'ceo@abc.com', partnerId: '12377', contact };
    mock.managers = [...managers];
    await page.route('https://cdn.example.com/**', (route) => route.fulfill({
      contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#d8b4c8"/></svg>',
    }));
    await page.route('**/partner/api/**', (route) => {
      const request = route.request();
      const url = new URL(request.url());
      const where = url.pathname.replace('/partner/api/', '');
      if (request.method() !== 'GET') mock.sent.push({ method: request.method(), where, headers: request.headers(), body: request.postDataJSON() });
      if (where === 'session' && request.method() === 'POST') {
        const answer = signIns.shift() ?? [200, {}];
        mock.signedIn = answer[0] === 200;
        return json(route, ...answer);
      }
      if (answers[where]) return json(route, ...answers[where].shift());
      if (mock.failNext > 0) {
        mock.failNext -= 1;
        return route.abort();
      }
      if (!mock.signedIn) return json(route, 401, { error: { code: 'not_authenticated', message: 'sign in' } });
      if (where === 'session') {
        mock.signedIn = false;
        return json(route, 200, {});
      }
      if (where === 'me') return json(route, 200, me);
      if (where === 'managers') return json(route, 200, { managers: mock.managers });
      if (where.startsWith('managers/')) {
        mock.managers = mock.managers.filter(({ managerId }) => where !== `managers/${managerId}/withdraw`);
        return json(route, 200, { managerId: where.split('/')[1], mailQueued: true });
      }
      if (where === 'reviews') {
        const asked = ['status', 'campaign'].map((name) => url.searchParams.get(name));
        const all = Array.from({ length: reviews }, (_, index) => review(index));
        const matching = all.filter(({ status, campaignId }) => (!asked[0] || status === asked[0]) && (!asked[1] || campaignId === asked[1]));
        const from = Number(url.searchParams.get('cursor') ?? 0);
        return json(route, 200, { reviews: matching.slice(from, from + 5), next: from + 5 < matching.length ? String(from + 5) : null });
      }
      if (where.startsWith('reviews/')) {
        const found = Array.from({ length: reviews }, (_, index) => review(index)).find(({ reviewId }) => where === `reviews/${reviewId}`);
        return found ? json(route, 200, found) : json(route, 404, { error: { code: 'review_not_found', message: 'none' } });
      }
      if (where === 'deposit') {
        const from = Number(url.searchParams.get('cursor') ?? 0);
        const history = Array.from({ length: Math.min(5, movements - from) }, (_, index) => movement(from + index));
        const next = from + 5 < movements ? String(from + 5) : null;
        return json(route, 200, { currency: 'KRW', posted: 1_506_000, held: 206_000, available: 1_300_000, history, next });
      }
      if (where === 'campaigns') {
        const [page, size] = ['page', 'page_size'].map((name) => Number(url.searchParams.get(name)));
        const status = url.searchParams.get('status');
        const matching = list.filter((each) => !status || each.status === status);
        return json(route, 200, {
          campaigns: matching.slice((page - 1) * size, page * size),
          pagination: { page, pageSize: size, total: matching.length, totalPages: Math.ceil(matching.length / size) },
        });
      }
      const found = list.find(({ campaignId }) => where === `campaigns/${campaignId}`);
      if (!found) return json(route, 404, { error: { code: 'CAMPAIGN_NOT_FOUND', message: 'none' } });
      return json(route, 200, { ...found, raw: { byApplyState: {}, byReviewStatus: {} }, updatedAt: '2026-06-20T12:34:00+09:00' });
    });
    return mock;
  }
}
