// A seller of the invoice door, as its server talks to it; and what its customers do.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

/** `Authorization` of an app's keys. */
export const basic = ({ client_key: client, secret_key: secret }) =>
  `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`;

/** Twelve bytes in hexadecimal: the form of every id. */
export const objectId = /^[0-9a-f]{24}$/;

let made = 0;
const run = randomBytes(4).toString('hex');

/** A name that no other test of this run uses. */
export const fresh = (name) => `${name}-${run}-${++made}`;

/** The guide's 24 months: a fifth off at most 500 in the first, 100 off in the two after it, 500 to set it up. */
export const guideProduct = (changes = {}) => ({
  product_id: 'pro',
  duration: 24,
  quantity: 1,
  price_adjustments: [{
    name: '첫 구매 할인',
    cycles: [
      { duration: 1, adjustment_type: 'discount_percent', name: '20%', value: 20, min_value: 100, max_value: 500 },
      { duration: 2, adjustment_type: 'discount_price', name: '100원', value: 100 },
      { adjustment_type: 'setup_fee', name: '도입비', value: 500 },
    ],
  }],
  ...changes,
});

/** An invoice of 10,000 won that is paid once. */
export const invoiceBody = (changes = {}) => ({
  request_id: fresh('request'), name: '티셔츠', price: 10000,
  user: { user_id: 'user-1', name: '홍길동', phone: '010-1234-5678', email: 'hong@example.com' }, ...changes,
});

/** An app of the invoice door. */
export class Seller {
  constructor(server, credentials = server.sandbox.invoice) {
    this.server = server;
    this.credentials = credentials;
  }

  /** `body`: a text goes as it is; `key`: the Idempotency-Key. */
  send(method, path, { body, key, headers = {} } = {}) {
    return this.server.request(method, path, {
      headers: { Authorization: basic(this.credentials), ...(key === undefined ? {} : { 'Idempotency-Key': key }), ...headers }, body,
    });
  }
  get(path, headers) { return this.send('GET', path, { headers }); }
  post(path, body, headers) { return this.send('POST', path, { body, headers }); }
  put(path, body, headers) { return this.send('PUT', path, { body, headers }); }

  /** What an accepted call answers. */
  async ok(call) {
    const answer = await call;
    assert.equal(answer.status, 200, answer.text);
    const body = answer.json();
    assert.equal(body.error_code, undefined, 'a success has no error code');
    return body;
  }
  /** An invoice that was made. */
  invoice(changes) { return this.ok(this.post('/v1/invoices', invoiceBody(changes))); }
  /** The customer pays in the sandbox. */
  pay(id, card) { return this.post(`/sandbox/invoices/${id}/pay`, card === undefined ? {} : { card }); }
  /** A paid invoice. */
  async paid(changes) {
    const invoice = await this.invoice(changes);
    await this.ok(this.pay(invoice.invoice_id));
    return this.ok(this.get(`/v1/invoices/${invoice.invoice_id}`));
  }
}

/** Fails unless an answer is the error object with this code; its issues' paths are returned. */
export function assertError(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  const error = answer.json();
  assert.deepEqual(Object.keys(error), ['status', 'code', 'error_code', 'message', 'data'], answer.text);
  assert.equal(error.status, status);
  assert.equal(error.error_code, code, answer.text);
  assert.equal(typeof error.code, 'number');
  return (error.data?.issues ?? []).map(({ path }) => path);
}

/** A new app of the invoice door; its credentials. */
export async function issueSeller(server, operate, changes = {}) {
  const answer = await operate(server, 'POST', '/api/invoice/apps', { name: fresh('seller'), ...changes });
  assert.equal(answer.status, 201, answer.text);
  return answer.json();
}
