// A client of the hub, as a sales site and the reviewer app have one: it signs its tokens with jose exactly as the guide's own
// code does, builds the guide's requests, and judges answers.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID, webcrypto } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { SignJWT } from 'jose';

// jose takes the Web Crypto API from where browsers have it; Node.js 18 has it in a module only.
globalThis.crypto ??= webcrypto;

/** Business time at which the guide's dated examples are replayed. */
export const guideClock = '2026-05-25T10:00:00+09:00';

/** The sandbox's card that is charged without more ado; docs/payments.md has the others. */
export const goodCard = '4242424242424242';

/** "2026-05-25T10:01:23+09:00", the form of every time in the hub's answers. */
export const koreanTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00$/;

export const orderCode = /^HUBPAY-\d{8}-[0-9A-Z]{4,}$/;

/** A token as the guide's code makes it; `change` may alter the builder before it is signed. */
export function serviceJwt({ service_code: issuer, shared_secret: sharedSecret }, change = (builder) => builder) {
  const secret = new TextEncoder().encode(sharedSecret);
  return change(
    new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(issuer)
      .setSubject('system')
      .setAudience('08l-hub')
      .setIssuedAt()
      .setExpirationTime('5m')
      .setJti(randomUUID()),
  ).sign(secret);
}

let issued = 0;
const run = randomBytes(4).toString('hex');

/** A name that no other test of this run uses. */
export const fresh = (name) => `${name}-${run}-${++issued}`;

/** The guide's body of an onboarding, with a contact of its own unless `changes` say otherwise. */
export function onboardBody(code, { partner = {}, campaign = {} } = {}) {
  return {
    partner: {
      companyName: '주식회사 ABC',
      country: 'KR',
      businessNumber: '',
      contactEmail: `${fresh('ceo')}@abc.com`,
      contactName: '홍길동',
      contactPhone: '010-1234-5678',
      agreedAt: '2026-05-25T10:00:00+09:00',
      ...partner,
    },
    campaign: {
      productName: '피카소 젤 아이라이너',
      productPrice: 19900,
      productThumbnailUrl: 'https://cdn.example.com/p1.jpg',
      channel: 'Coupang',
      purchaseUrl: 'https://www.coupang.com/vp/products/12345',
      offerCount: 10,
      rewardPoints: 20600,
      startAt: '2026-06-01T00:00:00+09:00',
      endAt: '2026-06-30T23:59:59+09:00',
      ...campaign,
    },
    ...(code === undefined ? {} : { payment: { orderCode: code } }),
  };
}

/** A body of POST /v1/pay/orders. */
export function orderBody(changes = {}) {
  return {
    amount: 206000,
    currency: 'KRW',
    productName: '구매평 캠페인 10건',
    buyer: { name: '홍길동', email: 'ceo@abc.com', phone: '010-1234-5678' },
    ...changes,
  };
}

/** A body of POST /v1/partners/ensure. */
export function ensureBody({ partner = {}, admin = {} } = {}) {
  return {
    partner: {
      name: '주식회사 ABC', country: 'KR', businessNumber: '', phoneNumber: '02-1234-5678', agreeYn: 'Y',
      salesAgree: 'pybk-sales@2026-05-22', ...partner,
    },
    admin: { email: `${fresh('ceo')}@abc.com`, adminName: '홍길동', ...admin },
  };
}

/** A body of POST /v1/campaigns/pybk. */
export function campaignBody(partnerId, changes = {}) {
  return {
    partnerId,
    country: 'KR',
    product: { name: '피카소 아이라이너', price: 19900, thumbnailUrl: 'https://img.08liter.com/x.jpg' },
    channel: 'Coupang',
    purchaseUrl: 'https://www.coupang.com/vp/products/123',
    offerCount: 10,
    points: 20000,
    startAt: '2026-06-01T00:00:00+09:00',
    endAt: '2026-06-30T23:59:59+09:00',
    ...changes,
  };
}

/** One connected app before the hub. */
export class App {
  /** `credentials`: {service_code, shared_secret}; `agent`: see http.mjs. */
  constructor(server, credentials, { agent } = {}) {
    this.server = server;
    this.credentials = credentials;
    this.agent = agent;
  }

  static sales(server, options) {
    return new App(server, server.sandbox.hub, options);
  }

  static reviewer(server, options) {
    return new App(server, server.sandbox.reviewer, options);
  }

  /**
   * Sends one request with a fresh token, or `token`. `key`: the Idempotency-Key. A 429 is waited out, as its Retry-After asks,
   * with a fresh token for each try or the given one, which a 429 leaves unused, unless `patient` is false.
   */
  async send(method, path, { body, key, token, headers = {}, patient = true, timeoutMs } = {}) {
    for (;;) {
      const jwt = token === undefined ? await serviceJwt(this.credentials) : token;
      const answer = await this.server.request(method, path, {
        body,
        agent: this.agent,
        timeoutMs,
        headers: {
          ...(jwt === null ? {} : { Authorization: `ServiceJWT ${jwt}` }),
          ...(key === undefined ? {} : { 'Idempotency-Key': key }),
          ...headers,
        },
      });
      if (answer.status !== 429 || !patient) return answer;
      await sleep(1000 * Number(answer.headers['retry-after']));
    }
  }

  get(path, options) {
    return this.send('GET', path, options);
  }

  post(path, body, options) {
    return this.send('POST', path, { body, ...options });
  }

  put(path, body, options) {
    return this.send('PUT', path, { body, ...options });
  }

  /** Sends, and fails unless the status is `status`; gives the answer's JSON. */
  async expect(status, method, path, options) {
    const answer = await this.send(method, path, options);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    return answer.json();
  }

  // ---- what sales sites do

  order(changes, options) {
    return this.expect(201, 'POST', '/v1/pay/orders', { body: orderBody(changes), ...options });
  }

  getOrder(code) {
    return this.expect(200, 'GET', `/v1/pay/orders/${code}`);
  }

  /** Pays as a customer does on the checkout page; the answer as it is. */
  pay(code, card = goodCard) {
    return this.server.request('POST', `/sandbox/orders/${code}/pay`, { body: { card }, agent: this.agent });
  }

  /** The code of an order that is paid. */
  async paidOrder(amount = 206000, changes = {}) {
    const { orderCode: code } = await this.order({ amount, ...changes });
    const answer = await this.pay(code);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json().status, 'paid', answer.text);
    return code;
  }

  onboard(body, options) {
    return this.post('/v1/external/pybk/onboard', body, options);
  }

  /** Orders, pays and onboards; gives the answer's JSON. */
  async onboarded({ amount = 206000, key, ...changes } = {}) {
    const answer = await this.onboard(onboardBody(await this.paidOrder(amount), changes), { key });
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  campaign(id) {
    return this.expect(200, 'GET', `/v1/external/pybk/campaigns/${id}`);
  }

  campaigns(query = '') {
    return this.expect(200, 'GET', `/v1/external/pybk/campaigns${query}`);
  }

  status(id) {
    return this.expect(200, 'GET', `/v1/campaigns/${id}/status`);
  }

  activate(id, options) {
    return this.post(`/v1/campaigns/${id}/activate`, undefined, options);
  }

  // ---- what the reviewer app does

  async apply(campaign, reviewerId = fresh('reviewer')) {
    const { applyId } = await this.expect(201, 'POST', `/v1/campaigns/${campaign}/applies`, { body: { reviewerId } });
    return applyId;
  }

  setApply(apply, state) {
    return this.expect(200, 'PUT', `/v1/applies/${apply}`, { body: { state } });
  }

  async review(apply, state = '1218', changes = {}) {
    const answer = await this.post(`/v1/applies/${apply}/review`, { state, url: 'https://www.coupang.com/reviews/1', text: '좋아요', ...changes });
    assert.ok(answer.status === 200 || answer.status === 201, answer.text);
    return answer.json().reviewId;
  }

  judge(review, state) {
    return this.expect(200, 'PUT', `/v1/reviews/${review}`, { body: { state } });
  }

  /** Applies, is selected and hands in a review that waits to be judged; gives its id. */
  async reviewed(campaign, reviewerId) {
    const apply = await this.apply(campaign, reviewerId);
    await this.setApply(apply, '0802');
    return this.review(apply);
  }
}

/** Sends one request as the operator, with the token that a running server leaves for its owner. */
export function operate(server, method, path, body) {
  const { token } = JSON.parse(fs.readFileSync(join(server.directory, 'control.json'), 'utf8'));
  return server.request(method, path, { headers: { Authorization: `Bearer ${token}` }, body });
}

/** Changes the settings of a connected app. */
export async function setApp(server, code, settings) {
  const answer = await operate(server, 'PUT', `/api/hub/apps/${code}`, settings);
  assert.equal(answer.status, 200, answer.text);
}

/** Issues a connected app, and gives what it needs to call the hub. */
export async function issueApp(server, scope = 'sales', settings = {}) {
  const answer = await operate(server, 'POST', '/api/hub/apps', { code: fresh(scope), label: 'test', scope, ...settings });
  assert.equal(answer.status, 201, answer.text);
  const { code, shared_secret: sharedSecret } = answer.json();
  return { service_code: code, shared_secret: sharedSecret };
}

/** Moves business time on; answers when what fell due was done. */
export async function advance(server, duration) {
  const answer = await server.request('POST', '/sandbox/clock', { body: { advance: duration } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json().now;
}

/** Fails unless the answer says {code, message} on top, as all errors but the books' own on the legacy paths do. */
export function assertPlain(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/json/);
  const body = answer.json();
  assert.equal(body.code, code, answer.text);
  assert.ok(typeof body.message === 'string' && body.message.length > 0, answer.text);
  assert.equal('error' in body, false, answer.text);
  return body;
}

/** Fails unless the answer says {error: {code, message, details}}. */
export function assertNested(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  const body = answer.json();
  assert.equal('code' in body, false, answer.text);
  assert.equal(body.error.code, code, answer.text);
  assert.ok(body.error.message.length > 0, answer.text);
  assert.equal(typeof body.error.details, 'object', answer.text);
  return body.error;
}

/** Fails unless the answer is 400 INVALID_PAYLOAD with exactly these faults: {"partner.contactEmail": "invalid_string", ...}. */
export function assertIssues(answer, faults) {
  const { detail } = assertPlain(answer, 400, 'INVALID_PAYLOAD');
  const told = Object.fromEntries(detail.issues.map((issue) => {
    assert.ok(issue.message.length > 0, answer.text);
    return [issue.path.join('.'), issue.code];
  }));
  assert.deepEqual(told, faults, answer.text);
}
