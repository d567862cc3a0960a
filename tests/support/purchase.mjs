// A client of the purchase door, as a shop's till has one: it builds requests, sends them with its key, and judges answers.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { eventually } from './server.mjs';
import { assertTransactionSigned, expectedTransaction, loyalty } from './purchase_bytes.mjs';

export const wallet = '0x89e3b2D91ecaf08016eEDb966c1fecA1e326714e';
export const phone = '+82 10-1000-2000';

/** The lines of the contract's example. */
export const exampleDetails = Object.freeze([
  { productId: '2020051310000674', amount: 6600, providePercent: 1.7 },
  { productId: '2020051310000124', amount: 6300, providePercent: 8.5 },
  { productId: '2020051310000997', amount: 900, providePercent: 5.7 },
  { productId: '2020051310000893', amount: 15200, providePercent: 4.2 },
  { productId: '2020051310000032', amount: 6800, providePercent: 1 },
  { productId: '2020051310000103', amount: 8600, providePercent: 5.7 },
]);

/** Points for one unit of a currency in the sandbox. */
export const sandboxRates = Object.freeze({ krw: 1n, point: 1n, usd: 1330n, the9: 100n });

export const codes = Object.freeze({
  parameters: 2001, wallet: 2002, phone: 2003, sum: 2004, shop: 2005, conflict: 3070, cancel: 3071, shopNotAllowed: 3072,
  key: 3051,
});

/** The texts that the contract prints beside its codes. */
export const messages = Object.freeze({
  2001: 'Failed to check the validity of parameters',
  2002: 'This is not a wallet address',
  2003: 'This is not a phone number format. International Standard (+82 10-1000-2000)',
  2004: 'totalAmount and sum of detailed purchase do not match',
  3051: 'The access key entered is not valid',
});

let issued = 0;
const run = randomBytes(4).toString('hex');

/** An id that no other test of this run uses. */
export const freshId = (name = 'p') => `${name}-${run}-${++issued}`;

export class Till {
  /** `agent`: see http.mjs; `key`, `shopId`: default those of the server's sandbox. */
  constructor(server, { key, shopId, agent } = {}) {
    this.server = server;
    this.key = key ?? server.sandbox.purchase.access_key;
    this.shopId = shopId ?? server.sandbox.purchase.shop_id;
    this.agent = agent;
  }

  get signer() {
    return this.server.sandbox.purchase.signer;
  }

  /** A purchase that is accepted as it is; `changes` replace members. */
  purchase(changes = {}) {
    return {
      purchaseId: freshId(),
      timestamp: '1705292050',
      totalAmount: 44400,
      cashAmount: 44400,
      currency: 'krw',
      shopId: this.shopId,
      userAccount: wallet,
      userPhone: '',
      details: exampleDetails.map((line) => ({ ...line })),
      ...changes,
    };
  }

  /** A purchase of one line, whose total is that line's amount. */
  simple(amount, providePercent, changes = {}) {
    return this.purchase({
      totalAmount: amount, cashAmount: amount, details: [{ productId: 'one', amount, providePercent }], ...changes,
    });
  }

  send(method, path, { headers = {}, ...options } = {}) {
    return this.server.request(method, path, {
      agent: this.agent,
      headers: { ...(this.key === null ? {} : { Authorization: this.key }), ...headers },
      ...options,
    });
  }

  /** `body`: an object, or the text of one. */
  postNew(body, options) {
    return this.send('POST', '/v1/tx/purchase/new', { body, ...options });
  }

  postCancel(body, options) {
    return this.send('POST', '/v1/tx/purchase/cancel', { body, ...options });
  }

  /** Reads a path and gives `data`, failing unless the code is 0. */
  async read(path) {
    const answer = await this.send('GET', path);
    assert.equal(answer.status, 200, answer.text);
    const { code, data } = answer.json();
    assert.equal(code, 0, answer.text);
    return data;
  }

  get(purchaseId) {
    return this.read(`/v1/tx/purchase/${encodeURIComponent(purchaseId)}`);
  }

  /** The last number used. */
  async sequence() {
    const { sequence } = await this.read('/v1/tx/sequence');
    assert.match(sequence, /^(0|[1-9]\d*)$/);
    return BigInt(sequence);
  }

  /** The receipt, once the purchase's block is closed. */
  receipt(purchaseId) {
    const path = `/v1/tx/purchase/${encodeURIComponent(purchaseId)}/receipt`;
    return eventually(`the receipt of ${purchaseId}`, async () => {
      const answer = await this.send('GET', path);
      const { code, data } = answer.json();
      if (code === 0) return data;
      assert.notEqual(answer.status, 500, answer.text);
      return undefined;
    });
  }

  /** Every item of a list, by its pages. */
  async list(query = {}, limit = 100) {
    const items = [];
    let cursor = null;
    do {
      const parameters = new URLSearchParams({ ...query, limit, ...(cursor === null ? {} : { cursor }) });
      const page = await this.read(`/v1/tx/purchase?${parameters}`);
      assert.ok(page.items.length <= limit, `a page of ${page.items.length} when ${limit} was asked for`);
      assert.ok(page.next === null || page.items.length > 0, 'an empty page is the last one');
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  }

  /** Records a purchase and fails unless the answer is right in every member; gives the answer's `data`. */
  async accepted(body, { text, phone: canonicalPhone = '' } = {}) {
    const answer = await this.postNew(text ?? body);
    assert.equal(answer.status, 200, answer.text);
    const { code, data } = answer.json();
    assert.equal(code, 0, answer.text);
    const { sequence, signature, ...rest } = data.tx;
    assert.match(sequence, /^[1-9]\d*$/);
    assert.deepEqual(rest, expectedTransaction(body, { signer: this.signer, phone: canonicalPhone }));
    assertTransactionSigned(data.tx, this.signer);
    const [value, point] = loyalty(body, sandboxRates[body.currency]);
    assert.equal(data.loyalty.loyaltyValue, value.toString());
    assert.equal(data.loyalty.loyaltyPoint, point.toString());
    return data;
  }

  /** Cancels and fails unless the answer is right; gives its `data`. */
  async cancelled(purchaseId, timestamp = '1705292240') {
    const answer = await this.postCancel({ purchaseId, timestamp });
    assert.equal(answer.status, 200, answer.text);
    const { code, data } = answer.json();
    assert.equal(code, 0, answer.text);
    assert.deepEqual(Object.keys(data.tx), ['type', 'sequence', 'purchaseId', 'timestamp', 'signer', 'signature']);
    assert.equal(data.tx.type, 1);
    assert.equal(data.tx.purchaseId, purchaseId);
    assert.equal(data.tx.timestamp, timestamp);
    assertTransactionSigned(data.tx, this.signer);
    return data;
  }
}

/** Fails unless an answer refuses with this code in the door's dialect; gives its `error`. */
export function assertRefused(answer, code, status = 200) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/json/);
  const body = answer.json();
  assert.equal(body.code, code, answer.text);
  assert.equal('data' in body, false, answer.text);
  if (messages[code]) assert.equal(body.error.message, messages[code]);
  else assert.ok(body.error.message.length > 0);
  if (code === codes.parameters) {
    assert.ok(body.error.validation.length > 0, answer.text);
    for (const fault of body.error.validation) {
      assert.equal(fault.location, 'body');
      assert.equal(typeof fault.msg, 'string');
      assert.equal(typeof fault.param, 'string');
    }
  }
  return body.error;
}
