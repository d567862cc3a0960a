// What leaves the house about invoices: signed webhooks to sellers, mails and messages to their customers.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test, { after, before } from 'node:test';

import { Webhook } from 'standardwebhooks';

import { advance } from '../support/hub.mjs';
import { fresh, Seller } from '../support/invoice.mjs';
import { closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
let seller;
before(async () => {
  server = await Server.start({ clock: '2026-05-25T10:00:00+09:00' });
  seller = new Seller(server);
});
after(async () => {
  await closeReceivers();
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});
const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** A seller's server: takes what it is sent, and says that it has. */
const takes = () => Receiver.start((_, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"success":true}');
});
const types = (receiver) => receiver.requests.map(({ json }) => json.webhook_type);
const arrived = (receiver, count) => eventually(`${count} webhooks, ${types(receiver)}`, () => (receiver.requests.length >= count ? true : undefined));

check('a seller hears of a decline, the payment, a part back and the rest', async () => {
  const receiver = await takes();
  const invoice = await seller.invoice({ webhook_url: receiver.url(), metadata: { quote: 'Q-17' } });
  await seller.pay(invoice.invoice_id, '4000000000000002');
  const { order_id: order, receipt_id: receipt, order_number: number } = await seller.ok(seller.pay(invoice.invoice_id));
  await arrived(receiver, 2);
  await seller.ok(seller.post(`/v1/invoices/${invoice.invoice_id}/cancel`, { price: 4000 }));
  await arrived(receiver, 3);
  await seller.ok(seller.post(`/v1/invoices/${invoice.invoice_id}/cancel`, {}));
  await arrived(receiver, 4);
  assert.deepEqual(types(receiver), ['PAYMENT_REQUEST_FAILED', 'PAYMENT_COMPLETED', 'PAYMENT_PARTIAL_CANCELLED', 'PAYMENT_CANCELLED']);
  const [, paid, part, rest] = receiver.requests.map(({ json }) => json);
  assert.deepEqual(
    [paid.invoice_id, paid.request_id, paid.order_id, paid.order_number, paid.receipt_id, paid.price, paid.status, paid.method, paid.metadata],
    [invoice.invoice_id, invoice.request_id, order, number, receipt, 10000, 2, 'card', { quote: 'Q-17' }]);
  assert.deepEqual([part.price, part.status, rest.price, rest.status], [4000, 2, 6000, 10]);
  assert.equal(new Set(receiver.requests.map(({ json }) => json.event_id)).size, 4);

  const { headers, text } = receiver.requests[1];
  const secret = server.sandbox.invoice.webhook_secret;
  new Webhook(Buffer.from(secret.slice('whsec_'.length)).toString('base64'), { format: 'base64' });
  const stamp = headers['x-bootpay-timestamp'];
  assert.match(headers['x-bootpay-signature'], /^sha256=[0-9a-f]{64}$/);
  assert.match(headers['webhook-signature'], /^v1,/);
  const keys = [secret, secret.slice('whsec_'.length), Buffer.from(secret.slice('whsec_'.length), 'base64')];
  const signatures = keys.map((key) => `sha256=${createHmac('sha256', key).update(`${stamp}.${text}`).digest('hex')}`);
  assert.ok(signatures.includes(headers['x-bootpay-signature']), 'signed with the app\'s key');
});

check('200 without {"success":true} is tried again', async () => {
  let healthy = false;
  const receiver = await Receiver.start((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(healthy ? '{"success":true}' : '{"ok":true}');
  });
  const invoice = await seller.invoice({ webhook_url: receiver.url(), expire_in: 60 });
  await advance(server, '1m');
  await arrived(receiver, 1);
  healthy = true;
  await eventually('the second try', async () => {
    await advance(server, '10s');
    return receiver.requests.length >= 2 ? true : undefined;
  });
  assert.deepEqual([...new Set(types(receiver))], ['PAYMENT_EXPIRED']);
  assert.equal(receiver.requests[0].json.invoice_id, invoice.invoice_id);
});

const mailTo = (address) => eventually(`a mail to ${address}`, async () => {
  const listed = (await server.request('GET', '/sandbox/mail')).json();
  const found = Object.values(listed).flat().filter((mail) => JSON.stringify(mail?.to ?? '').includes(address));
  return found.length > 0 ? found : undefined;
});

check('a customer is asked to pay, and sent a receipt', async () => {
  const address = `${fresh('customer')}@example.com`;
  const invoice = await seller.invoice({
    name: '연간 점검', user: { name: '김철수', email: address, phone: '010-2345-6789' }, send_types: [1, 3], use_notification: true,
  });
  const [notice] = await mailTo(address);
  const { text } = (await server.request('GET', `/sandbox/mail/${notice.id}`)).json();
  assert.ok(text.includes('연간 점검') && text.includes('10,000원') && text.includes(invoice.payment_url), text);
  const message = await eventually('the SMS', async () => {
    const listed = (await server.request('GET', '/sandbox/messages')).json();
    return Object.values(listed).flat().find((each) => JSON.stringify(each ?? '').includes('연간 점검'));
  });
  assert.ok(JSON.stringify(message).includes('sms'));
  const told = async () => (await seller.ok(seller.post(`/v1/invoices/${invoice.invoice_id}/notify`, { send_types: [4, 3] })))
    .results.map(({ channel, status }) => [channel, status]);
  assert.deepEqual(await told(), [['push', 'no_address'], ['email', 'queued']]);
  await eventually('the second notice', async () => ((await mailTo(address)).length === 2 ? true : undefined));

  await seller.ok(seller.pay(invoice.invoice_id));
  await eventually('the receipt', async () => ((await mailTo(address)).length === 3 ? true : undefined));
  assert.deepEqual(await told(), [['push', 'nothing_to_pay'], ['email', 'nothing_to_pay']]);
});
