// A book with records of every kind: what shops, sales sites, the reviewer app, payers, operators, managers and the clock cause.
import assert from 'node:assert/strict';

import { clicked, lpinfoOf, makeAffiliate, makeMerchant, order, product, sent } from './affiliate.mjs';
import { advance, App, campaignBody, ensureBody, guideClock, issueApp, onboardBody, operate } from './hub.mjs';
import { fresh, guideProduct, issueSeller, Seller } from './invoice.mjs';
import { closeMerchants, ListingMerchant } from './merchant.mjs';
import { Operator } from './operator.mjs';
import { Manager, password, tokenOf } from './portal.mjs';
import { freshId, phone, Till, wallet } from './purchase.mjs';
import { closeReceivers, Receiver } from './receivers.mjs';
import { eventually, Server } from './server.mjs';

async function operated(server, method, route, body) {
  const answer = await operate(server, method, route, body);
  assert.ok(answer.status === 200 || answer.status === 202, `${method} ${route}: ${answer.status} ${answer.text}`);
  return answer.json();
}

/** What payments and sales sites cause, and the reviewer app. */
async function useHub(server) {
  const sales = App.sales(server);
  const reviewers = App.reviewer(server);
  const unpaid = await sales.order({ leadRef: 'lead', metadata: { a: [1, 2] }, returnUrl: 'https://shop.example.com/' });
  const cancelled = await sales.order();
  await sales.expect(200, 'POST', `/v1/pay/orders/${cancelled.orderCode}/cancel`, { body: { reason: 'no more' }, key: 'cancel' });
  assert.equal((await sales.pay(unpaid.orderCode, '4000000000000002')).json().status, 'declined');
  const refunded = await sales.paidOrder(206000, { leadRef: 'paid lead' });
  await sales.expect(200, 'POST', `/v1/pay/orders/${refunded}/cancel`, { body: { amount: 1000 } });
  await eventually('the refund', async () => ((await sales.getOrder(refunded)).status === 'REFUNDING' ? undefined : true));
  const { partner, campaign } = await sales.onboarded({ key: 'lead', partner: { businessNumber: '111-11-11111' } });
  const carried = onboardBody(undefined, { partner: { contactEmail: partner.loginEmail, businessNumber: '999-99-99999' } });
  const { orderCode: failing } = await sales.order({ onboard: carried });
  await sales.pay(failing);
  const ensured = await sales.expect(201, 'POST', '/v1/partners/ensure', { body: ensureBody(), key: 'ensure' });
  const body = campaignBody(ensured.partnerId, { offerCount: 1, minFollowCount: 300, targetCode: 'T1' });
  const saved = await sales.expect(201, 'POST', '/v1/campaigns/pybk', { body, key: 'campaign' });
  await sales.paidOrder(20000, { partnerId: ensured.partnerId });
  assert.equal((await sales.activate(saved.campaignId, { key: 'activate' })).status, 200);
  assert.equal((await reviewers.judge(await reviewers.reviewed(campaign.campaignId), '1214')).rewardPaid, 20600);
  // The orders that wait are noticed, those that nobody paid expire, and campaigns begin.
  await advance(server, '8d');
  assert.equal((await sales.getOrder(failing)).attention, 'ONBOARD_FAILED');
  assert.equal((await sales.getOrder(unpaid.orderCode)).status, 'EXPIRED');
  assert.equal((await sales.campaign(campaign.campaignId)).statusCode, '1213');
}

/** What subscriptions cause, and kept cards. */
async function subscribe(server) {
  const seller = new Seller(server);
  const supervisor = { 'BOOTPAY-ROLE': 'supervisor' };
  const begin = async (card) => {
    const { invoice_id: id } = await seller.invoice({ products: [{ product_id: 'pro', duration: 12 }] });
    const { order_number: order } = await seller.ok(seller.pay(id, card));
    const { list: [found] } = await seller.ok(seller.get(`/v1/order_subscriptions?order_number=${order}`));
    return found.order_subscription_id;
  };
  const put = (id, call, body = {}) => seller.ok(seller.put(`/v1/order_subscriptions/${id}/${call}`, body, supervisor));
  const id = await begin('4000000000000366');
  const { payment_next_at: day, service_start_at: start, charge_key: chargeKey } =
    await seller.ok(seller.get(`/v1/order_subscriptions/${id}`, supervisor));
  await seller.ok(seller.put(`/v1/order_subscriptions/${id}`, { price: 12000 }, supervisor));
  await seller.ok(seller.post(`/v1/order_subscriptions/${id}/adjustments`, { price: -100, duration: 3 }, supervisor));
  await seller.ok(seller.post(`/v1/order_subscriptions/${id}/card`, {}));
  await seller.post('/v1/order_subscriptions/charge', { charge_key: chargeKey, price: 500 }, supervisor);
  const { list: [bill] } = await seller.ok(seller.get(`/v1/order_subscription_bills?order_subscription_id=${id}&status=2`));
  await seller.ok(seller.put(`/v1/order_subscription_bills/${bill.order_subscription_bill_id}`, { reserve_payment_at: day }));
  await seller.ok(seller.post('/v1/order_subscriptions/requests/ing/termination', { order_subscription_id: id }));
  await put(id, 'reject');
  await put(id, 'pause', { paused_at: start, expected_resume_at: new Date(Date.parse(start) + 86_400_000).toISOString() });
  await advance(server, '33d');
  await put(id, 'terminate', { final_fee: 100 });
  await eventually('the last bill', async () => {
    const { list: bills } = await seller.ok(seller.get(`/v1/order_subscription_bills?order_subscription_id=${id}`));
    return bills.every(({ status }) => status !== 5) ? true : undefined;
  });
  await advance(server, '8d');
  assert.equal((await seller.ok(seller.get(`/v1/order_subscriptions/${id}`))).status, 20);
}

/** What operators and managers do in the hub. */
async function operateHub(server) {
  const app = new App(server, await issueApp(server, 'sales', { review_required: true }));
  const { partner: { partnerId, loginEmail }, campaign } = await app.onboarded();
  await operated(server, 'POST', `/api/admin/campaigns/${campaign.campaignId}/approve`);
  const contact = { email: `new-${loginEmail}`, name: '김철수', phone: '010-9876-5432' };
  await operated(server, 'PUT', `/api/admin/partners/${partnerId}/contact-info`, contact);
  const { link } = await operated(server, 'POST', `/api/admin/partners/${partnerId}/invite`);
  const manager = new Manager(server);
  for (const [call, status] of [
    [() => manager.accept(tokenOf(link)), 200],
    [() => manager.send('PUT', '/password', { body: { current: password, password: `${password}-2` } }), 200],
    [() => manager.send('POST', '/password/forgotten', { body: { email: contact.email } }), 202],
  ]) {
    const answer = await call();
    assert.equal(answer.status, status, answer.text);
  }
  let brand;
  for (const email of ['first@abc.com', 'second@abc.com', 'third@abc.com']) brand = (await app.onboarded({ partner: { businessNumber: '222-22-22222', contactEmail: email } })).partner.partnerId;
  const { accessRequests: [asks, stranger] } = await operated(server, 'GET', `/api/hub/partners/${brand}`);
  await operated(server, 'POST', `/api/admin/access-requests/${asks.managerId}/confirm`);
  await operated(server, 'POST', `/api/admin/access-requests/${stranger.managerId}/decline`);
  await operated(server, 'POST', `/api/admin/managers/${asks.managerId}/withdraw`);
  await Operator.signIn(server, server.sandbox.operator);
}

/** What sellers of the invoice door cause. */
async function useInvoices(server) {
  const seller = new Seller(server);
  await seller.ok(seller.post('/v1/products', { ex_uid: fresh('uid'), name: 'Plan', display_price: 10, options: [{ option_id: 'x', price: 1 }] }));
  const made = await seller.invoice({ products: [guideProduct()], send_types: [3], use_notification: true, expire_in: 60, metadata: { a: 1 } });
  await seller.ok(seller.post(`/v1/invoices/${made.invoice_id}/notify`, { send_types: [1, 2, 3, 4] }));
  await seller.ok(seller.post(`/v1/invoices/${made.invoice_id}/cancel`, { reason: 'no more' }));
  const suspended = await issueSeller(server, operate);
  for (const status of ['SUSPENDED', 'ACTIVE']) await operated(server, 'PUT', `/api/invoice/apps/${suspended.client_key}`, { status });
  const hooked = new Seller(server, await issueSeller(server, operate, { webhook_url: `${server.baseUrl}/sandbox/webhooks` }));
  await hooked.ok(hooked.post('/v1/webhook/test', {}));
  await operated(server, 'PUT', `/api/invoice/apps/${server.sandbox.invoice.client_key}/seller`, { registration_number: '123-45-67890', address: '서울' });
  const paid = await seller.paid();
  const ask = (extra) => seller.ok(seller.post('/v1/order/cancel', {
    order_number: paid.order_number, request_cancel_parameters: { refund_price: 10 }, ...extra,
  }));
  const { order_cancellation_request_id: id } = await ask();
  await seller.ok(seller.put(`/v1/order/cancel/${id}/reject`, { message: 'sent' }, { 'BOOTPAY-ROLE': 'supervisor' }));
  await ask({ is_supervisor: true });
  await eventually('the refund', async () => ((await seller.ok(seller.get(`/v1/invoices/${paid.invoice_id}`))).refunded_price === 10 || undefined));
}

/** What merchants and their affiliates cause. */
async function useAffiliates(server) {
  const { merchant_id: shop } = await makeMerchant(server, {}, {
    fee: '1%', by_category: [{ code: 'shoes', base: '2%' }], by_product: [{ code: 'gold', base: '500KRW' }], tiers: [{ from_sales: 100000, base: '9%' }],
  });
  const { affiliate_id: site, auth_key: key } = await makeAffiliate(server, { merchants: [shop], email: 'kim@blog.example' });
  await operated(server, 'PUT', '/api/affiliate/promos', { merchant_id: shop, event_code: 'spring', promo_code: 'TEN', affiliate_id: site });
  await operated(server, 'PUT', '/api/rates/USD/2026-05-25', { krw_per_unit: '1330.5' });
  const lpinfo = await clicked(server, shop, site, { u_id: 'kim 1' });
  const paid = order(shop, lpinfo, { products: [product('gold', { quantity: 3 }), product('boot', { category_code: 'shoes', paid_at: guideClock })] });
  const [{ trlog_id: id }] = await sent(server, paid);
  await sent(server, { ...paid, products: paid.products.map((each) => ({ ...each, canceled_at: guideClock, canceled_quantity: 1, canceled_price: 1000 })) });
  await sent(server, { ...paid, order: { ...paid.order, final_paid_price: -500 }, products: [{ ...paid.products[1], product_final_price: -500 }] });
  await operated(server, 'POST', `/api/conversions/${id}/cancel`, { reason: 'by hand' });
  const receiver = await Receiver.start();
  await operated(server, 'PUT', `/api/affiliates/${site}/reward-api`, { postback_url: receiver.url('/reward'), status: 'APPROVED' });
  await operated(server, 'POST', `/api/affiliates/${site}/reward-api/test`);
  const account = { bank: '국민은행', account: '123-45', holder: '김가나' };
  await operated(server, 'PUT', `/api/affiliates/${site}/bank-account`, account);
  const own = await server.request('PUT', `/api/affiliates/${site}/bank-account`, { headers: { Authorization: `Bearer ${key}` }, body: account });
  assert.equal(own.status, 200, own.text);
  const list = await ListingMerchant.start();
  const { merchant_id: travel } = await makeMerchant(server, { batch: true, list_url: list.url });
  await operated(server, 'PUT', `/api/affiliates/${site}`, { merchants: [shop, travel] });
  await sent(server, order(travel, lpinfoOf(site, new Date(guideClock)), { products: [product('trip', { confirmed_at: guideClock })] }));
  return site;
}

/** The end of the month, and what is paid for it. */
async function settle(server, site) {
  await advance(server, '75d');
  const { statements: [{ month }] } = await operated(server, 'GET', `/api/affiliates/${site}/statements`);
  const { payouts: [{ id }] } = await operated(server, 'POST', '/api/payouts', { month, affiliate_id: site });
  await operated(server, 'POST', `/api/payouts/${id}/paid`, { reference: 'T-1' });
}

/** A webhook that is given up, and sent again by hand. */
async function deliver(server) {
  let healthy = false;
  const receiver = await Receiver.start((_, response) => receiver.say(response, healthy ? 204 : 410));
  const code = await App.sales(server).paidOrder(1000, { webhookUrl: receiver.url() });
  const become = (wanted) => eventually(`the webhook of ${code}: ${JSON.stringify(wanted)}`, async () => {
    const { deliveries } = await operated(server, 'GET', `/api/deliveries?order_code=${code}`);
    return deliveries.find(({ topic, attempts, status }) => topic === 'order.paid' && attempts === wanted.attempts && status === wanted.status);
  });
  for (let attempts = 1; attempts < 10; attempts++) {
    await become({ attempts, status: 'pending' });
    await advance(server, '7h');
  }
  const { id } = await become({ attempts: 10, status: 'failed' });
  healthy = true;
  await operated(server, 'POST', `/api/deliveries/${id}/resend`);
  await become({ attempts: 11, status: 'delivered' });
}

/** What shops and their operator cause. */
async function usePurchases(server) {
  const till = new Till(server);
  const newShop = `0x${'5'.repeat(64)}`;
  // As many as one row of purchase_spans stands for.
  for (let i = 0; i < 5; i++) await Promise.all(Array.from({ length: 60 }, () => till.accepted(till.simple(10, 1, { userAccount: '', userPhone: '' }))));
  const first = till.purchase();
  await till.accepted(first);
  await till.accepted(till.purchase({ userAccount: '', userPhone: phone }), { phone });
  await till.accepted(till.purchase({ userAccount: '', userPhone: '' }));
  await till.accepted(till.simple('1.56', '3.5', { currency: 'usd', waiting: 60, shopId: newShop }));
  await till.cancelled(first.purchaseId);
  const taken = till.purchase({ purchaseId: freshId('taken'), waiting: '0' });
  await till.accepted(taken);
  await advance(server, '8d');
  await till.cancelled(taken.purchaseId);
  await operated(server, 'PUT', '/api/purchase/phones', { phone, wallet });
  await till.accepted(till.purchase({ userAccount: '', userPhone: phone }), { phone });
  await operated(server, 'PUT', `/api/purchase/wallets/${wallet}`, { loyaltyType: 1 });
  const last = till.purchase();
  await till.accepted(last);
  await till.receipt(last.purchaseId);
}

/** Starts a server and makes the book; the server still runs. Every kind of record is there but that of a backup, which the restored one has. */
export async function wholeBook() {
  const server = await Server.start({ clock: guideClock });
  try {
    await useHub(server);
    await useInvoices(server);
    const site = await useAffiliates(server);
    await operateHub(server);
    await deliver(server);
    await subscribe(server);
    await usePurchases(server);
    await settle(server, site);
    return server;
  } catch (error) {
    await server.kill();
    throw error;
  } finally {
    await closeMerchants();
    await closeReceivers();
  }
}
