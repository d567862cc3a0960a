// The sender of webhooks is killed where it stands, while three of ten receivers' answers are failures. Every event of a
// change that was made arrives, under one id, in the order of its document.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test, { after } from 'node:test';

import { keepAlive } from '../support/http.mjs';
import { advance, App, goodCard, guideClock, operate, orderBody } from '../support/hub.mjs';
import { assertGenuine, closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const rounds = 5;
const clients = 6;
const ordersEachRound = 25;
const shops = 3;

let server;
after(closeReceivers);
const check = (name, body) => test(name, { timeout: 180_000 }, Server.logged(() => server, body));

/** Whether the receiver fails at this request: three of ten, and the same in every run of the test. */
function fails(count) {
  return createHash('sha256').update(`request ${count}`).digest()[0] % 10 < 3;
}

/** A shop that answers most of its webhooks, some with an error, and some with nothing at all. */
async function moodyShop(number) {
  let count = 0;
  const receiver = await Receiver.start((_, response) => {
    count += 1;
    if (!fails(`${number}/${count}`)) return response.writeHead(204).end();
    if (count % 2) return response.writeHead(500).end();
    return response.destroy();
  });
  return receiver;
}

/** Makes orders, pays them and cancels every third, until it is told to stop or the server is gone. */
class Buyers {
  /** code -> the events that an acknowledged change has caused. */
  expected = new Map();
  /** Codes of which some change was not answered. */
  open = new Set();
  paid = 0;

  constructor(receivers) {
    this.receivers = receivers;
  }

  /** Resolves when so many payments more have been acknowledged; the clients go on until the server is killed. */
  async round(target, payments) {
    const goal = this.paid + payments;
    let reached;
    const enough = new Promise((resolve) => (reached = resolve));
    this.stopped = false;
    this.running = Array.from({ length: clients }, (_, i) => this.#client(target, i, () => this.paid >= goal && reached()));
    await enough;
  }

  async rest() {
    this.stopped = true;
    await Promise.all(this.running);
  }

  async #client(target, number, onPaid) {
    const agent = keepAlive(1);
    const app = App.sales(target, { agent });
    for (let i = number; !this.stopped; i++) {
      let code;
      try {
        const url = this.receivers[i % this.receivers.length].url();
        const created = await app.post('/v1/pay/orders', orderBody({ webhookUrl: url }));
        if (created.status !== 201) continue;
        code = created.json().orderCode;
        this.open.add(code);
        this.expected.set(code, []);
        if ((await app.pay(code, goodCard)).status !== 200) continue;
        this.expected.get(code).push('order.paid');
        this.paid += 1;
        onPaid();
        if (i % 3 === 0) {
          if ((await app.post(`/v1/pay/orders/${code}/cancel`, {})).status !== 200) continue;
          this.expected.get(code).push('order.refunded');
        }
        this.open.delete(code);
      } catch {
        // The server is gone; what became of the last change, the book will say.
        break;
      }
    }
    agent.destroy();
  }
}

/** The events that a client causes; those that time alone brings may come, too. */
const caused = ['order.paid', 'order.refunded'];

/** Which of them an order has by its state in the book. */
const eventsOf = { CREATED: [], PAID: ['order.paid'], REFUNDED: ['order.paid', 'order.refunded'] };

check('kill -9 while receivers fail, again and again', async (t) => {
  const receivers = await Promise.all(Array.from({ length: shops }, (_, i) => moodyShop(i)));
  server = await Server.start({ clock: guideClock });
  const buyers = new Buyers(receivers);
  const heard = () => receivers.reduce((sum, { requests }) => sum + requests.length, 0);
  for (let round = 1; round <= rounds; round++) {
    await buyers.round(server, ordersEachRound);
    assert.equal(await server.kill('SIGKILL'), 'SIGKILL');
    await buyers.rest();
    t.diagnostic(`round ${round}: ${buyers.paid} paid, ${heard()} requests, ${buyers.open.size} open`);
    if (round % 2) await assertVerifies(server.directory);
    await server.restart();
    // What was waiting is waiting again; the moved clock brings it out while the next round goes on.
    await advance(server, '30s');
  }

  const app = App.sales(server);
  // A change that was not answered is made or not, and the acquirer may still be asked; what was acknowledged is made.
  const undecided = new Set();
  for (const code of buyers.open) {
    const { status, checkoutUrl } = await app.getOrder(code);
    const session = await server.request('GET', `${new URL(checkoutUrl).pathname}/session`);
    if (!(status in eventsOf) || session.json().status === 'paying') {
      undecided.add(code);
      continue;
    }
    for (const type of buyers.expected.get(code)) assert.ok(eventsOf[status].includes(type), `${code}: an acknowledged ${type} is lost`);
    buyers.expected.set(code, eventsOf[status]);
  }

  await eventually('everything is delivered', async () => {
    const answer = await operate(server, 'GET', '/api/deliveries?status=pending&limit=1');
    if (answer.json().deliveries.length === 0) return true;
    await advance(server, '1m');
    return undefined;
  }, 120_000);
  const failed = await operate(server, 'GET', '/api/deliveries?status=failed&limit=1');
  assert.deepEqual(failed.json().deliveries, [], 'nothing was given up');

  let failures = 0;
  let repeats = 0;
  const ids = new Set();
  const requests = receivers.flatMap((receiver) => receiver.requests);
  for (const [code, types] of buyers.expected) {
    const about = requests.filter((request) => request.code === code && caused.includes(request.type));
    const done = about.filter(({ status }) => status === 204);
    failures += about.length - done.length;
    repeats += done.length - new Set(done.map(({ type }) => type)).size;
    for (const type of types) {
      const these = about.filter((request) => request.type === type);
      assert.ok(these.some(({ status }) => status === 204), `${type} of ${code} never arrived`);
      assert.equal(new Set(these.map(({ id }) => id)).size, 1, `${type} of ${code} has two ids`);
      assert.equal(new Set(these.map(({ text }) => text)).size, 1, `${type} of ${code} has two texts`);
      assert.equal(ids.has(these[0].id), false, 'one id stands for one event');
      ids.add(these[0].id);
      assertGenuine(server.sandbox.hub.webhook_secret, these.at(-1));
    }
    // No event of an order is sent before those that came before it have arrived.
    const order = about.map(({ type }) => caused.indexOf(type));
    assert.deepEqual(order, [...order].sort(), `${code}: ${about.map(({ type }) => type)}`);
    if (undecided.has(code)) continue;
    for (const { type } of about) assert.ok(types.includes(type), `${code} was told of ${type}, which did not happen`);
  }
  t.diagnostic(`${ids.size} events, ${failures} failures, ${repeats} repeats of what had arrived`);
  assert.ok(ids.size >= rounds * ordersEachRound);
  assert.ok(failures > ids.size / 10, 'the receivers failed too seldom');
  await server.stop();
  await assertVerifies(server.directory);
});
