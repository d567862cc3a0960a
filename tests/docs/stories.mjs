// The stories behind the examples of api/openapi.yaml that need something to be there first; see api_stories.mjs. An operation that
// is only a step on the way goes by a client of tests/support, one whose answer is shown by story.ask().
import { Seller } from '../support/invoice.mjs';

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

  await subscribe();
  await story.ask('requestTransfer', { example: 'heir' });
}

/** Story -> what plays it. */
export const stories = { subscriptions };
