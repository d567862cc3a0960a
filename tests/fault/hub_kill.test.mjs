// The process is killed between a customer's card and the brand's campaign. What was acknowledged is there afterwards, once;
// no order is consumed without its campaign; nobody is charged twice, by the word of the acquirer itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test, { after } from 'node:test';

import { App, fresh, guideClock, onboardBody, orderBody } from '../support/hub.mjs';
import { keepAlive } from '../support/http.mjs';
import { Server, assertVerifies, eventually } from '../support/server.mjs';
import { inLanes, pause } from './load.mjs';

const rounds = 4;
const clients = 12;
/** Longer than "I do not know this order id" must last before an attempt counts as one that never was. */
const openAttemptMs = 180_000;

let server;
after(() => server?.running && server.kill());
const check = (name, body) => test(name, { timeout: 300_000 }, Server.logged(() => server, body));

/** Sites that order, pay and onboard, one lead after the other, and remember what they were told. */
class Sites {
  /** lead -> {body of the order, its answer, body of the onboarding, its answer}, as far as each has come */
  leads = new Map();
  #running = [];
  #stopped = false;

  start() {
    this.#stopped = false;
    this.#running = Array.from({ length: clients }, () => this.#site());
  }

  async stop() {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #site() {
    const agent = keepAlive(1);
    const app = App.sales(server, { agent });
    while (!this.#stopped) {
      const lead = fresh('lead');
      const known = { onboard: onboardBody() };
      // Every other order carries its onboarding, which then runs by itself.
      const carries = this.leads.size % 2 === 1;
      known.order = orderBody({ leadRef: lead, ...(carries ? { onboard: known.onboard } : {}) });
      this.leads.set(lead, known);
      try {
        await this.#bring(app, lead, known);
      } catch {
        // The connection is gone, and with it the knowledge of what became of this lead.
        await pause(20);
      }
    }
    agent.destroy();
  }

  /** Goes on with a lead from where its last answer left it, always with the same keys and bodies. */
  async #bring(app, lead, known) {
    known.ordered ??= await this.#done(app.post('/v1/pay/orders', known.order, { key: `order-${lead}`, patient: false }), 201);
    const { orderCode } = JSON.parse(known.ordered);
    if (!known.paid) {
      const answer = await app.pay(orderCode);
      // 409: it was paid by the try whose answer was lost, or that one is still under way.
      assert.ok([200, 202, 409, 503].includes(answer.status), answer.text);
      if (answer.status !== 200 && answer.json().status !== 'paid') throw new Error('not paid yet');
      known.paid = true;
    }
    const body = { ...known.onboard, payment: { orderCode } };
    known.onboarded ??= await this.#done(app.onboard(body, { key: `onboard-${lead}`, patient: false }), 200);
  }

  async #done(sent, status) {
    const answer = await sent;
    if (answer.status === 503 || answer.status === 429) throw new Error('not now');
    assert.equal(answer.status, status, answer.text);
    return answer.text;
  }

  /** Brings every lead to its end, as sites do that were cut off. */
  async settle() {
    const agent = keepAlive(8);
    const app = App.sales(server, { agent });
    await inLanes(8, [...this.leads], ([lead, known]) =>
      eventually(lead, () => this.#bring(app, lead, known).then(() => true, (error) => {
        if (error.code === 'ERR_ASSERTION') throw error;
        return undefined;
      }), openAttemptMs));
    agent.destroy();
  }

  /** How many were answered to the end. */
  get acknowledged() {
    return [...this.leads.values()].filter(({ onboarded }) => onboarded).length;
  }

  async assertKept() {
    const agent = keepAlive(8);
    const app = App.sales(server, { agent });
    const campaigns = new Map();
    for (let page = 1, pages = 1; page <= pages; page++) {
      const list = await app.campaigns(`?page=${page}&page_size=100`);
      pages = list.pagination.totalPages;
      for (const campaign of list.campaigns) {
        assert.equal(campaigns.has(campaign.externalRef), false, `${campaign.externalRef} made two campaigns`);
        campaigns.set(campaign.externalRef, campaign.campaignId);
      }
    }
    assert.equal(campaigns.size, this.leads.size, 'a campaign is missing, or nobody asked for it');
    await inLanes(8, [...this.leads], async ([lead, known]) => {
      const { orderCode } = JSON.parse(known.ordered);
      const again = await app.onboard({ ...known.onboard, payment: { orderCode } }, { key: `onboard-${lead}` });
      assert.equal(again.text, known.onboarded, 'a repeat was not given the first answer');
      assert.equal(JSON.parse(known.onboarded).campaign.campaignId, campaigns.get(orderCode));
      const order = await app.post('/v1/pay/orders', known.order, { key: `order-${lead}` });
      assert.equal(order.text, known.ordered);
      assert.equal((await app.getOrder(orderCode)).status, 'CONSUMED');
    });
    agent.destroy();
  }
}

const query = (sql) =>
  execFileSync('sqlite3', ['-readonly', '-separator', ' ', path.join(server.directory, 'jangbu.db'), sql], { encoding: 'utf8' })
    .trim().split('\n').filter(Boolean).map((line) => line.split(' '));

/**
 * The acquirer's own rows against ours: an order id for each of its charges, and one approved charge for each order that is paid
 * or consumed. The server is stopped.
 */
function assertChargedOnce(orders) {
  const asked = new Set(query('SELECT hex(order_id) FROM payment_sandbox_charges').flat());
  const approved = query('SELECT hex(order_id), checkout FROM payment_attempts WHERE status = 1 AND kind = 0');
  for (const [id] of approved) assert.ok(asked.has(id), 'an approved charge that the acquirer never made');
  const [[charged]] = query('SELECT count(*) FROM payment_sandbox_charges');
  const [[attempts]] = query('SELECT count(*) FROM payment_attempts');
  assert.ok(Number(charged) <= Number(attempts), 'the acquirer was asked for what nobody had decided');
  assert.equal(new Set(approved.map(([, checkout]) => checkout)).size, approved.length, 'an order was charged twice');
  assert.equal(approved.length, orders);
  assert.deepEqual(query('SELECT number FROM payment_attempts WHERE status = 0'), [], 'an attempt was left open');
  assert.deepEqual(query('SELECT number FROM hub_orders WHERE status = 3 AND consumed = 0'), []);
}

check('kill -9 while sites order, pay and onboard', async (t) => {
  server = await Server.start({ clock: guideClock });
  const sites = new Sites();
  for (let round = 1; round <= rounds; round++) {
    const before = sites.leads.size;
    sites.start();
    // Another middle of things each time.
    await pause(250 + 170 * round);
    assert.equal(await server.kill('SIGKILL'), 'SIGKILL');
    await sites.stop();
    assert.ok(sites.leads.size > before, 'the sites did nothing');
    t.diagnostic(`round ${round}: ${sites.leads.size} leads, ${sites.acknowledged} acknowledged to the end`);
    if (round % 2) await assertVerifies(server.directory);
    await server.restart();
  }
  await sites.settle();
  await sites.assertKept();
  await server.stop();
  assertChargedOnce(sites.leads.size);
  await assertVerifies(server.directory);
});

check('kill -9 while an acquirer does not answer: what it charged is found, and charged once', async () => {
  server = await Server.start({ clock: guideClock });
  const { orderCode } = await App.sales(server).order();
  // The card is charged, and no answer comes; nobody knows that when the process dies.
  const lost = App.sales(server).pay(orderCode, '4000000000000119').catch(() => undefined);
  await pause(150);
  await server.kill('SIGKILL');
  await lost;
  await server.restart();
  const sales = App.sales(server);
  await eventually('the charge', async () => {
    const { status } = await sales.getOrder(orderCode);
    if (status === 'PAID') return true;
    // Killed before the intent was durable: then nothing was charged, and the customer tries again.
    const [[attempts]] = query('SELECT count(*) FROM payment_attempts');
    if (attempts === '0') await sales.pay(orderCode);
    return undefined;
  }, 120_000);
  assert.equal((await sales.onboard(onboardBody(orderCode))).status, 200);
  await server.stop();
  assertChargedOnce(1);
  await assertVerifies(server.directory);
});
