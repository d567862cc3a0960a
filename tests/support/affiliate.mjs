// Merchants and affiliates of the affiliate door: what the operator registers, and what a merchant's server sends.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { operate } from './hub.mjs';

let made = 0;
const run = randomBytes(3).toString('hex');

/** A name that no other test of this run uses; at most ten characters of a merchant's id. */
export const freshId = (letter = 'm') => `${letter}${run}${(++made).toString(36)}`.slice(0, 10);

/** What an accepted call of the operator's answers. */
export async function operated(server, method, path, body, status) {
  const answer = await operate(server, method, path, body);
  assert.equal(answer.status, status ?? (method === 'POST' ? 201 : 200), `${method} ${path}: ${answer.text}`);
  return answer.json();
}

/** A merchant with a programme of 8 % and 1 %; `program`: false for none. */
export async function makeMerchant(server, changes = {}, program = {}) {
  const id = freshId();
  const merchant = await operated(server, 'POST', '/api/merchants', {
    merchant_id: id, name: 'Shop', gateway_url: `https://${id}.example/gate?lpinfo={lpinfo}&url={url}`, ...changes,
  });
  if (program !== false) {
    await operated(server, 'POST', '/api/programs', {
      merchant_id: id, code: '0000', name: 'Sales', base: '8%', incentive: '1%', ...program,
    });
  }
  return merchant;
}

/** An affiliate, with its auth_key. */
export const makeAffiliate = (server, changes = {}) => operated(server, 'POST', '/api/affiliates', { name: 'Blog', ...changes });

/** The minute of a click id: eight digits since 1970. */
const minuteOf = (at) => String(Math.floor(at.getTime() / 60_000)).padStart(8, '0');

/** What a click leaves with the customer, written as the documents have it. */
export const lpinfoOf = (affiliate, at = new Date()) => `${affiliate}|${minuteOf(at)}abc123|0000|0|0`;

/** Follows a site's link as a customer does; the LPINFO that the merchant's page is given. */
export async function clicked(server, merchant, affiliate, query = {}) {
  const answer = await server.request('GET', `/click.php?${new URLSearchParams({ m: merchant, a: affiliate, ...query })}`);
  assert.equal(answer.status, 302, answer.text);
  return new URL(answer.headers.location).searchParams.get('lpinfo');
}

/** One product of an order. */
export const product = (id, changes = {}) => ({
  product_id: id, product_name: `상품 ${id}`, category_code: 'c1', category_name: ['의류', '자켓'], quantity: 1, product_final_price: 20000,
  paid_at: '', confirmed_at: '', canceled_at: '', ...changes,
});

/** An order as a merchant's server sends it. */
export function order(merchantId, lpinfo, { products = [product('p1')], total, ...changes } = {}) {
  const sum = products.reduce((all, { product_final_price: price }) => all + Number(price), 0);
  return {
    order: { order_id: freshId('o'), final_paid_price: total ?? sum, currency: 'KRW', user_name: '김**', ...changes.order },
    products,
    linkprice: {
      merchant_id: merchantId, lpinfo, user_agent: 'Mozilla/5.0', remote_addr: '118.221.*.*', device_type: 'web-pc', ...changes.linkprice,
    },
  };
}

/** Sends an order (or an action) as merchants' servers do: with whatever Content-Type. */
export const send = (server, body, { path = '/lppurchase_cps_v4.php', type = 'application/x-www-form-urlencoded' } = {}) =>
  server.request('POST', path, { headers: { 'Content-Type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) });

/** The items of an order that was taken. */
export async function sent(server, body, options) {
  const answer = await send(server, body, options);
  assert.equal(answer.status, 200, answer.text);
  const { result, result_data: items, total_execute_time: took } = answer.json();
  assert.equal(result, 0, answer.text);
  assert.match(took, /^\d+\.\d{6}$/);
  return items;
}
