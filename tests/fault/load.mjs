// Clients that keep a server busy while a fault is made, and remember what they were promised.
import assert from 'node:assert/strict';

import { keepAlive } from '../support/http.mjs';
import { Till } from '../support/purchase.mjs';
import { assertTransactionSigned } from '../support/purchase_bytes.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Load {
  /** purchaseId -> { body, text: the whole answer } of every purchase that was acknowledged. */
  acknowledged = new Map();
  /** purchaseId -> body of every purchase that was sent and not answered: it may be recorded or not. */
  open = new Map();
  #stopped = false;
  #clients = [];

  /** `targets`: the servers to send to; a client that loses one goes on with the next. */
  constructor(targets, clients = 32, sandbox = targets[0].sandbox) {
    this.targets = targets;
    this.clients = clients;
    this.sandbox = sandbox;
  }

  till(target, agent) {
    const { access_key: key, shop_id: shopId } = this.sandbox.purchase;
    return new Till(target, { key, shopId, agent });
  }

  start() {
    this.#stopped = false;
    this.#clients = Array.from({ length: this.clients }, (_, i) => this.#client(i));
  }

  /** Ends all clients after the answers that they wait for. */
  async stop() {
    this.#stopped = true;
    await Promise.all(this.#clients);
  }

  async #client(number) {
    const agent = keepAlive(1);
    let target = number;
    while (!this.#stopped) {
      const till = this.till(this.targets[target % this.targets.length], agent);
      const body = till.simple(1000 + number, 5);
      this.open.set(body.purchaseId, body);
      try {
        this.#keep(body, await till.postNew(body));
      } catch {
        // The connection is gone, and with it the knowledge of what became of this purchase.
        target++;
        await pause(20);
      }
    }
    agent.destroy();
  }

  #keep(body, answer) {
    if (answer.status === 503) return;
    const { code, data } = answer.json();
    assert.equal(code, 0, answer.text);
    assertTransactionSigned(data.tx, this.sandbox.purchase.signer);
    this.acknowledged.set(body.purchaseId, { body, text: answer.text });
    this.open.delete(body.purchaseId);
  }

  /** Sends every open purchase again, as a client does that was cut off; then each must be answered. */
  async settle(target) {
    const agent = keepAlive(16);
    const till = this.till(target, agent);
    const bodies = [...this.open.values()];
    await inLanes(16, bodies, async (body) => this.#keep(body, await till.postNew(body)));
    agent.destroy();
    assert.equal(this.open.size, 0, 'a purchase was refused when it was repeated');
  }

  /** Fails unless every acknowledged purchase is there exactly once, with the answer that was given for it. */
  async assertKept(target, sequenceBefore) {
    const agent = keepAlive(16);
    const till = this.till(target, agent);
    const last = await till.sequence();
    const numbers = new Set();
    await inLanes(16, [...this.acknowledged.values()], async ({ body, text }) => {
      const again = await till.postNew(body);
      assert.equal(again.text, text, 'a repeat was not given the first answer');
      numbers.add(BigInt(again.json().data.tx.sequence));
    });
    assert.equal(await till.sequence(), last, 'a repeat was recorded as new');
    assert.equal(numbers.size, this.acknowledged.size, 'two purchases have one number');
    // With nothing open, the purchases are all there is, and their numbers have no gap.
    assert.equal(last, sequenceBefore + BigInt(this.acknowledged.size));
    for (const number of numbers) assert.ok(number > sequenceBefore && number <= last, `number ${number}`);
    const listed = await till.list({ shopId: till.shopId }, 100);
    const ids = listed.map((item) => item.tx.purchaseId);
    assert.equal(new Set(ids).size, ids.length, 'a purchase is listed twice');
    const known = new Set(ids);
    for (const id of this.acknowledged.keys()) assert.ok(known.has(id), `${id} is not listed`);
    agent.destroy();
  }
}

/** Runs `work` over all items, so many at a time. */
export async function inLanes(lanes, items, work) {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export { pause };
