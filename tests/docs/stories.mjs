// The stories behind the examples of api/openapi.yaml that need something to be there first; see api_stories.mjs. An operation that
// is only a step on the way goes by a client of tests/support, one whose answer is shown by story.ask().
import { clicked, lpinfoOf, operated, order, product, sent } from '../support/affiliate.mjs';
import { advance, App, guideClock, onboardBody, setApp } from '../support/hub.mjs';
import { Seller } from '../support/invoice.mjs';
import { Manager, password, tokenOf } from '../support/portal.mjs';
import { Till } from '../support/purchase.mjs';
import { Receiver } from '../support/receivers.mjs';
import { eventually } from '../support/server.mjs';

const supervisor = { 'BOOTPAY-ROLE': 'supervisor' };

/** Ids that the examples of subscriptions show. */
const shownIds = {
  subscription: '6a139f100600000000000001', bill: '6a139f100700000000000002', request: '6a139f100800000000000001',
  adjustment: '6a139f110900000000000001',
};

async function subscriptions(story) {
  const seller = new Seller(story.server);
  let made = 0;
  /** The id of a contract of twelve months, whose first is paid. */
  const subscribe = async () => {
    const { invoice_id: invoice } = await seller.invoice({
      request_id: `pro-${++made}`, name: 'Pro', products: [{ product_id: 'pro', duration: 12, quantity: 1 }],
    });
    const { order_number: order } = await seller.ok(seller.pay(invoice));
    const { list } = await seller.ok(seller.get(`/v1/order_subscriptions?order_number=${order}`));
    return story.show(shownIds.subscription, list[0].order_subscription_id);
  };
  const ready = async (id) => {
    const { list: [bill] } = await seller.ok(seller.get(`/v1/order_subscription_bills?order_subscription_id=${id}&status=2`));
    return story.show(shownIds.bill, bill.order_subscription_bill_id);
  };

  let id = await subscribe();
  await ready(id);
  await story.ask('listSubscriptions');
  await story.ask('getSubscription', { id });
  await story.ask('listBills', { order_subscription_id: id });
  await story.ask('getBill', { id: await ready(id) });
  await story.ask('getAnySubscription', { id });
  await story.ask('listAllBills', { subscription: id });
  await story.ask('updateSubscription', { example: 'price', id });
  const { adjustments: [added] } = await story.ask('addAdjustment', { example: 'discount', id });
  story.show(shownIds.adjustment, added.order_subscription_adjustment_id);
  await story.ask('removeAdjustment', { example: 'first', id });
  await story.ask('replaceAdjustments', { example: 'fourth', id });
  await story.ask('changeBill', { example: 'sooner', id: await ready(id) });
  await story.ask('askForCard', { example: 'other', id });
  const { charge_key: key } = await seller.ok(seller.get(`/v1/order_subscriptions/${id}`, supervisor));
  story.show('aaaaaaaaaaab6rpphqwsgqdmvh6b6k5c', key);
  await story.ask('chargeOnDemand', { example: 'extra' });
  await story.ask('revokeChargeKey', { example: 'key' });
  await story.ask('pauseSubscription', { example: 'holiday', id });
  await story.ask('resumeSubscription', { example: 'back', id });
  await story.ask('pauseByCustomer', { example: 'holiday' });
  await story.ask('resumeByCustomer', { example: 'back' });
  await seller.ok(seller.post('/v1/order_subscriptions/requests/ing/pause', { order_subscription_id: id }));
  await story.ask('resumeByCustomerToo', { example: 'back' });

  id = await subscribe();
  await story.ask('calculateTerminationFee', { order_subscription_id: id });
  const { order_subscription_request_history_id: request } = await story.ask('requestTermination', { example: 'moving' });
  story.show(shownIds.request, request);
  await story.ask('listSubscriptionRequests', { order_subscription_id: id });
  await story.ask('getSubscriptionRequest', { id: request });
  await story.ask('rejectSubscriptionChange', { example: 'stay', id });
  await seller.ok(seller.post('/v1/order_subscriptions/requests/ing/termination', { order_subscription_id: id }));
  await story.ask('approveSubscriptionChange', { example: 'goodwill', id });

  id = await subscribe();
  await story.ask('terminateSubscription', { example: 'goodwill', id });

  id = await subscribe();
  const { order_subscription_request_history_id: purchase } = await story.ask('requestPurchase', { example: 'all' });
  story.show(shownIds.request, purchase);
  await story.ask('judgeSubscriptionRequest', { example: 'approved', id: purchase });

  id = await subscribe();
  await story.ask('requestTransfer', { example: 'heir' });
  await story.ask('rejectAnyChange', { example: 'agreed', id });
  await seller.ok(seller.post('/v1/order_subscriptions/requests/ing/transfer', { order_subscription_id: id, new_user_id: 'user-2' }));
  await story.ask('approveAnyChange', { example: 'agreed', id });
}

async function invoices(story) {
  const { server } = story;
  const seller = new Seller(server);
  const { client_key: key } = server.sandbox.invoice;
  const shirt = (id) => seller.invoice({ request_id: id });
  /** The number of an order of 10,000 won that is paid. */
  const ordered = async (id) => (await seller.paid({ request_id: id })).order_number;
  /** The id of a request to cancel some of it. */
  const asked = async (id) => story.show('6a139f100500000000000001', (await seller.ok(seller.post('/v1/order/cancel', {
    order_number: await ordered(id), request_cancel_parameters: { refund_price: 700, cancel_reason: 'too big' },
  }))).order_cancellation_request_id);

  await seller.ok(seller.post('/v1/products', { ex_uid: 'pro-plan', name: 'Pro 플랜', display_price: 10000 }));
  await story.ask('listProducts');
  await story.ask('getProduct', { id: 'pro-plan' });
  await story.ask('deleteProduct', { id: 'pro-plan' });

  const { invoice_id: id, payment_url: link } = await shirt('tee-1');
  await story.ask('getCheckoutInvoice', { token: tokenOf(link) });
  await story.ask('paySandboxInvoice', { example: 'good', id: 'tee-1' });
  await story.ask('getInvoice', { id: 'tee-1' });
  await story.ask('listInvoices', { user_id: 'user-1' });
  const { list: [{ order_number: number }] } = await story.ask('listInvoiceOrders', { status: '2,10' });
  await story.ask('listInvoiceOrdersOfMonth', { search_date: '2026-05' });
  await story.ask('getInvoiceOrder', { id: number });
  await story.ask('getAnyInvoice', { id });
  await story.ask('listAllInvoiceOrders');
  await seller.ok(seller.post('/v1/order/cancel', {
    order_number: number, request_cancel_parameters: { refund_price: 700, cancel_reason: 'too big' },
  }));
  await story.ask('listCancellations', { order_number: number });
  await story.ask('listAllCancels');
  story.show('20260525000001', await ordered('tee-2'));
  await story.ask('requestCancellation', { example: 'part' });
  await story.ask('withdrawCancellation', { example: 'kept', id: await asked('tee-3') });
  await story.ask('rejectCancellation', { example: 'worn', id: await asked('tee-4') });
  await story.ask('approveCancellation', { example: 'granted', id: await asked('tee-5') });
  await story.ask('rejectAnyCancel', { example: 'worn', id: await asked('tee-6') });
  await story.ask('approveAnyCancel', { example: 'part', id: await asked('tee-7') });

  await story.ask('setInvoiceSeller', { example: 'company', client_key: key });
  await operated(server, 'PUT', `/api/invoice/apps/${key}`, { webhook_url: `${server.baseUrl}/sandbox/webhooks` });
  await story.ask('listSellers');
  await story.ask('testWebhook', { example: 'app' });

  await shirt('tee-8');
  await seller.ok(seller.post('/v1/invoices/tee-8/notify', { send_types: [2] }));
  const message = await eventually('the message', async () => (await server.request('GET', '/sandbox/messages')).json().messages[0]);
  await story.ask('getSandboxMessage', { id: message.id });
}

/** Orders and their checkouts, as the customer's page asks. */
async function checkouts(story) {
  const site = App.sales(story.server);
  const opened = async () => tokenOf((await site.order({ returnUrl: 'https://shop.example.com/done' })).checkoutUrl);
  const token = await opened();
  await story.ask('getCheckout', { token });
  await story.ask('payCheckout', { example: 'good', token });
  const other = await opened();
  const { attempt } = (await story.server.request('POST', `/checkout/${other}/pay`, {
    body: { card: { number: '4000002760003184', expiry: '12/99', cvc: '123', holder: 'KIM' }, key: 'form-1' },
  })).json();
  story.show('"attempt":"1"', `"attempt":"${attempt}"`);
  await story.ask('authenticatePayment', { example: 'code', token: other });

  const third = await opened();
  await withToss(story.server);
  const { methods } = (await story.server.request('GET', `/checkout/${third}/session`)).json();
  story.show('jb-3-1-3f2a90c1d4e5f6071829', methods.find(({ type }) => type === 'toss').orderId);
  await story.ask('confirmTossPayment', { example: 'done', token: third });
}

/** Starts the server anew, with somebody in Toss's place who finds every payment done. */
async function withToss(server) {
  const toss = await Receiver.start(({ path, json }, response) => {
    const done = { ...json, status: 'DONE', totalAmount: json.amount, currency: 'KRW', card: { number: '43301234****123*' } };
    toss.say(response, path === '/v1/payments/confirm' ? 200 : 404, { 'Content-Type': 'application/json' }, JSON.stringify(done));
  });
  server.args = [...server.args, '--toss-client-key', 'test_ck_1'];
  server.environment = { ...server.environment, JANGBU_TOSS_SECRET_KEY: 'test_sk_1', JANGBU_TOSS_URL: toss.origin };
  await server.restart();
}

/** What the operator decides about brands, their campaigns and orders. */
async function brands(story) {
  const { server } = story;
  const site = App.sales(server);
  await setApp(server, server.sandbox.hub.service_code, { review_required: true });
  const onboarded = async (email, changes = {}) => {
    const code = await site.paidOrder();
    const answer = await site.onboard(onboardBody(code, { partner: { contactEmail: email, ...changes } }));
    return { code, ...answer.json() };
  };
  const first = await onboarded('ceo@abc.com', { businessNumber: '220-81-62517' });
  const partner = first.partner.partnerId;
  await story.ask('getAnyOrder', { orderCode: first.code });
  await story.ask('getAnyCampaign', { id: first.campaign.campaignId });
  await story.ask('inviteAgain', { id: partner });
  await story.ask('approveCampaign', { id: first.campaign.campaignId });
  await story.ask('getPartnerDeposit', { id: partner });
  const stranger = async (email) => {
    await onboarded(email, { businessNumber: '220-81-62517' });
    const { accessRequests } = await operated(server, 'GET', `/api/hub/partners/${partner}`);
    return accessRequests.find((each) => each.email === email).managerId;
  };
  const asks = await stranger('kim@abc.com');
  await story.ask('getPartner', { id: partner });
  await story.ask('listAllAccessRequests');
  await story.ask('confirmAccess', { id: asks });
  await story.ask('declineAccess', { id: await stranger('lee@abc.com') });
  await story.ask('withdrawAccess', { id: asks });
  await story.ask('changeContact', { example: 'other', id: partner });
  const second = await onboarded('ceo@def.com');
  await story.ask('requestRevision', { example: 'picture', id: second.campaign.campaignId });
  await story.ask('rejectCampaign', { example: 'forbidden', id: second.campaign.campaignId });
  const third = await onboarded('ceo@ghi.com');
  await story.ask('refundOrder', { example: 'asked', orderCode: third.code });
}

/** The partner's portal, from the invitation on. */
async function portal(story) {
  const { server } = story;
  const site = App.sales(server);
  const businessNumber = '220-81-62517';
  const onboarded = async (contactEmail) => {
    const answer = await site.onboard(onboardBody(await site.paidOrder(), { partner: { contactEmail, businessNumber } }));
    return answer.json();
  };
  const { onboarding, campaign } = await onboarded('ceo@abc.com');
  const token = tokenOf(onboarding.loginUrl);
  await story.ask('getInvite', { token });
  await story.ask('acceptInvite', { example: 'manager', token });
  await story.ask('signIn', { example: 'manager' });
  const manager = new Manager(server);
  await manager.signIn('ceo@abc.com', password);
  story.cookie = manager.cookie;
  await story.ask('getMe');
  await story.ask('listOwnCampaigns');
  await story.ask('getOwnCampaign', { id: campaign.campaignId });
  await story.ask('getDeposit');
  const reviewers = App.reviewer(server);
  const review = await reviewers.reviewed(campaign.campaignId, 'kim@mail.example');
  await reviewers.judge(review, '1214');
  await story.ask('listOwnReviews');
  await story.ask('getOwnReview', { id: review });
  for (const [email, answer] of [['kim@abc.com', 'confirmAccessRequest'], ['lee@abc.com', 'declineAccessRequest']]) {
    await onboarded(email);
    const { accessRequests: [{ managerId }] } = await manager.get('/access-requests');
    if (answer === 'confirmAccessRequest') await story.ask('listAccessRequests');
    await story.ask(answer, { id: managerId });
  }
  await story.ask('listManagers');
  const invitation = await eventually('the invitation', async () => {
    const { mails } = (await server.request('GET', '/sandbox/mail')).json();
    return mails.find(({ to }) => to.includes('kim@abc.com'));
  });
  await story.ask('getSandboxMail', { id: invitation.id });
  await story.ask('withdrawManager', { id: '2' });
  await story.ask('changePortalPassword', { example: 'known' });
}

/** Shops' purchases, as the operator sees them. */
async function purchases(story) {
  const till = new Till(story.server);
  await till.accepted(till.purchase({ purchaseId: '913131705292050109' }));
  await till.receipt('913131705292050109');
  await story.ask('listShops');
  await story.ask('getShop', { shopId: till.shopId });
  await story.ask('listHolderPurchases', { holder: '1' });
  await story.ask('getHolderPurchase', { holder: '1', purchaseId: '913131705292050109' });
  await story.ask('listBlocks');
  const { accounts: [account] } = await operated(story.server, 'GET', '/api/ledger/accounts?limit=1');
  await story.ask('listEntries', { ref: account.ref });
  await story.ask('getBookStatus');
}

/** The affiliate door: a site, what it sells and what it is paid. */
async function affiliates(story) {
  const { server } = story;
  const site = 'A100000001';
  const at = new Date(Date.parse(guideClock) - 60_000);
  const sell = async (code, lpinfo = lpinfoOf(site, at)) =>
    (await sent(server, order('sandshop', lpinfo, { order: { order_id: code }, products: [product('p1')] })))[0];
  await story.ask('listMerchants');
  await story.ask('getMerchant', { merchant_id: 'sandshop' });
  await story.ask('listPrograms', { merchant: 'sandshop' });
  await story.ask('getProgram', { program: '1' });
  await story.ask('listAffiliates');
  await story.ask('getAffiliate', { a_id: site });
  await operated(server, 'PUT', '/api/rates/USD/2026-05-25', { krw_per_unit: 1350.5 }, 200);
  await story.ask('listExchangeRates', { currency: 'USD' });
  await story.ask('getRewardApi', { a_id: site });
  const receiver = await Receiver.start();
  story.show('https://blog.example/reward', receiver.url('/reward'));
  await story.ask('setRewardApi', { example: 'approved', a_id: site });
  await story.ask('testRewardApi', { a_id: site });
  const lpinfo = await clicked(server, 'sandshop', site, { u_id: 'reader-7' });
  await story.ask('getClick', { click_id: lpinfo.split('|')[1] });
  await story.ask('listOwnClicks', { a_id: site });
  await story.ask('sumOwnClicks', { a_id: site, month: '202605' });
  await story.ask('listPromotable', { a_id: site });
  story.show('https://pay.example.com', server.baseUrl);
  await story.ask('makeLink', { a_id: site, merchant_id: 'sandshop', u_id: 'reader-7' });
  const sold = await sell('o-1', lpinfo);
  await story.ask('listConversions', { merchant: 'sandshop' });
  await story.ask('getConversion', { trlog_id: sold.trlog_id });
  await story.ask('confirmConversion', { example: 'delivered', trlog_id: sold.trlog_id });
  const delivery = await eventually('the postback', async () => {
    const { deliveries } = await operated(server, 'GET', `/api/affiliates/${site}/deliveries?order_code=o-1`);
    return deliveries[0]?.status === 'delivered' ? deliveries[0] : undefined;
  });
  await story.ask('listAffiliateDeliveries', { a_id: site, order_code: 'o-1' });
  await story.ask('getAffiliateDelivery', { a_id: site, id: delivery.id });
  await story.ask('getDelivery', { id: delivery.id });
  await story.ask('resendAffiliateDelivery', { a_id: site, id: delivery.id });
  await eventually('it comes again', () => (receiver.requests.length >= 3 ? true : undefined));
  await story.ask('resendDelivery', { id: delivery.id });
  await story.ask('resendAffiliateDeliveries', { example: 'order', a_id: site });
  await story.ask('setBankAccount', { example: 'own', a_id: site });
  await story.ask('getBankAccount', { a_id: site });
  await story.ask('listAffiliateMerchants', { a_id: site, which: 'all', kind: 'cps' });
  await story.ask('listAffiliateMerchantsDetail', { a_id: site, which: 'all', kind: 'cps' });
  await operated(server, 'PUT', '/api/affiliate/promos', { merchant_id: 'sandshop', event_code: 'spring', promo_code: 'BLOG10', affiliate_id: site });
  await story.ask('listPromos');
  await story.ask('listOwnPromos', { a_id: site });
  const { affiliate_id: other } = await operated(server, 'POST', '/api/affiliates', { name: 'Blog' });
  await story.ask('rotateAffiliate', { a_id: other });

  await advance(server, '75d');
  await story.ask('listStatements', { a_id: site });
  const payout = async () => (await operated(server, 'POST', '/api/payouts', { month: '202605', affiliate_id: site }, 200)).payouts[0].id;
  const failed = await payout();
  await story.ask('getPayout', { id: failed });
  await story.ask('failedPayout', { example: 'account', id: failed });
  await story.ask('paidPayout', { example: 'sent', id: await payout() });
}

/** Operators, what they did, and what waits for them. */
async function operators(story) {
  const { server } = story;
  const made = await operated(server, 'POST', '/api/operators', { email: 'kim@example.com', role: 'operator' });
  await story.ask('resetPassword', { id: made.id });
  await story.ask('listOperators');
  const { token } = (await server.request('POST', '/api/session', { body: server.sandbox.operator })).json();
  await story.ask('listActions');
  await story.ask('overview');
  story.show('chestnut-41-Harbor', server.sandbox.operator.password);
  await story.ask('changePassword', { example: 'own', headers: { Authorization: `Bearer ${token}` } });
}

/** Story -> what plays it. */
export const stories = { subscriptions, invoices, checkouts, brands, portal, purchases, affiliates, operators };
