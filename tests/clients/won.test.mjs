// A won has no parts: wherever an amount of won is read, at every door, what is no integer is refused, however small the part.
// The exceptions are protocols' own: points and shares have decimals, and a product of an order at the affiliate door may cost
// a part of a won where a discount was spread over the products; what the customer paid may not.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { freshId, lpinfoOf, makeAffiliate, makeMerchant, order, send } from '../support/affiliate.mjs';
import { App, campaignBody, ensureBody, onboardBody, operate, orderBody } from '../support/hub.mjs';
import { fresh, invoiceBody, Seller } from '../support/invoice.mjs';
import { assertVerifies, Server } from '../support/server.mjs';

let server;
let site;
let seller;
let merchant;
let affiliate;
let partnerId;
before(async () => {
  server = await Server.start();
  site = App.sales(server);
  seller = new Seller(server);
  ({ merchant_id: merchant } = await makeMerchant(server));
  ({ affiliate_id: affiliate } = await makeAffiliate(server));
  ({ partnerId } = (await site.send('POST', '/v1/partners/ensure', { body: ensureBody() })).json());
});
after(async () => {
  await server.stop();
  await assertVerifies(server.directory);
});

/** The end of a campaign that has not begun. */
const soon = { startAt: '2099-06-01T00:00:00+09:00', endAt: '2099-06-30T23:59:59+09:00' };
const invoice = (changes) => seller.post('/v1/invoices', invoiceBody(changes));
const paidInvoice = async () => (await seller.paid()).order_number;
const intake = (body, path) => send(server, body, { path });
const action = (price) => {
  const { linkprice } = order(merchant, lpinfoOf(affiliate));
  return { action: { unique_id: freshId('u'), final_paid_price: price, currency: 'KRW', member_id: 'kim', action_name: '가입', category_code: 'join' }, linkprice };
};

/** Every amount of won that a door reads: what sends it, and what says that it was refused. */
const doors = [
  ['the order of a sales site', (won) => site.send('POST', '/v1/pay/orders', { body: orderBody({ amount: won }) })],
  ['what of it is given back', async (won) => site.send('POST', `/v1/pay/orders/${await site.paidOrder(206_000)}/cancel`, { body: { amount: won } })],
  ['a campaign\'s reward', async (won) => site.onboard(onboardBody(await site.paidOrder(206_000), { campaign: { rewardPoints: won, ...soon } }))],
  ['a campaign\'s product', async (won) => site.onboard(onboardBody(await site.paidOrder(206_000), { campaign: { productPrice: won, ...soon } }))],
  ['a campaign\'s points', (won) => site.send('POST', '/v1/campaigns/pybk', { body: campaignBody(partnerId, { points: won, ...soon }) })],
  ['an invoice', (won) => invoice({ price: won })],
  ['what of it bears no tax', (won) => invoice({ price: 10_000, tax_free_price: won })],
  ['a product of the catalogue', (won) => seller.post('/v1/products', { ex_uid: fresh('uid'), name: 'Plan', display_price: won })],
  ['an option of it', (won) => seller.post('/v1/products', { ex_uid: fresh('uid'), name: 'Plan', display_price: 10, options: [{ option_id: 'x', price: won }] })],
  ['a discount', (won) => invoice({ products: [{ product_id: 'pro', duration: 12, quantity: 1, price_adjustments: [{ name: 'a', cycles: [{ duration: 1, adjustment_type: 'discount_price', name: 'b', value: won }] }] }] })],
  ['what of a payment is given back', async (won) => seller.post('/v1/order/cancel', { order_number: await paidInvoice(), is_supervisor: true, request_cancel_parameters: { refund_price: won } })],
  ['what an affiliate\'s customer paid', (won) => intake(order(merchant, lpinfoOf(affiliate), { products: [{ product_id: 'p', product_name: 'p', category_code: 'c', quantity: 1, product_final_price: 1000 }], total: won })),
    (answer) => answer.json().result !== 0],
  ['an action that was paid for', (won) => intake(action(won), '/lppurchase_cpa_v4.php'), (answer) => answer.json().result !== 0],
  ['the sales from which a rate counts', async (won) => operate(server, 'POST', '/api/programs', {
    merchant_id: (await makeMerchant(server, {}, false)).merchant_id, code: '0000', name: 'Sales', base: '8%', incentive: '1%', tiers: [{ from_sales: won, base: '9%' }],
  })],
  ['a rate for each item', async (won) => operate(server, 'POST', '/api/programs', {
    merchant_id: (await makeMerchant(server, {}, false)).merchant_id, code: '0000', name: 'Sales', base: `${won}KRW`, incentive: '1%',
  })],
];

for (const [name, call, isRefused = ({ status }) => status >= 400 && status < 500] of doors) {
  test(`no part of a won: ${name}`, { timeout: 60_000 }, Server.logged(() => server, async () => {
    const taken = await call(1000);
    assert.ok(!isRefused(taken), `1000: ${taken.status} ${taken.text}`);
    for (const won of [1000.5, 1000.01, 1000.0001, 1000.00001, 1000.0000000001]) {
      const answer = await call(won);
      assert.ok(isRefused(answer), `${won}: ${answer.status} ${answer.text}`);
    }
  }));
}
