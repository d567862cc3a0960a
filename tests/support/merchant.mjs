// A merchant's own server for tests: it has orders, sends them to the intake, and answers the network's questions about a
// day (?paid_ymd=, ?confirmed_ymd= and ?comfirmed_ymd=, ?canceled_ymd=).
import { once } from 'node:events';
import http from 'node:http';

import { order } from './affiliate.mjs';

const open = new Set();
/** Ends every merchant of this test program. */
export const closeMerchants = () => Promise.all([...open].map((merchant) => merchant.close()));

export class ListingMerchant {
  /** Every question, as it came: "/list?paid_ymd=20260524". */
  asked = [];
  /** What is listed: {paid|confirmed|canceled: {yyyymmdd: [order, ...]}}. */
  lists = { paid: {}, confirmed: {}, canceled: {} };
  /** Instead of an answer, for as long as it is set: (request, response) => .... */
  behave = undefined;

  static async start() {
    const merchant = new ListingMerchant();
    merchant.server = http.createServer((request, response) => merchant.#answer(request, response));
    merchant.server.listen(0, '127.0.0.1');
    await once(merchant.server, 'listening');
    open.add(merchant);
    return merchant;
  }

  get url() {
    return `http://127.0.0.1:${this.server.address().port}/list`;
  }

  /** Lists an order under a day. */
  list(kind, day, listed) {
    (this.lists[kind][day] ??= []).push(listed);
  }

  #answer(request, response) {
    this.asked.push(request.url);
    response.on('error', () => {});
    if (this.behave) return this.behave(request, response);
    const query = new URL(request.url, 'http://merchant').searchParams;
    const kind = ['paid', 'canceled'].find((name) => query.has(`${name}_ymd`)) ?? 'confirmed';
    const day = query.get(kind === 'confirmed' ? 'comfirmed_ymd' : `${kind}_ymd`);
    const orders = this.lists[kind][day];
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(orders ? JSON.stringify(orders) : '');
  }

  close() {
    open.delete(this);
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** An order as a list has it, with changes to its one product. */
export function listedOrder(merchantId, lpinfo, code, changes = {}) {
  const price = changes.product_final_price ?? 20000;
  return order(merchantId, lpinfo, {
    order: { order_id: code },
    total: price,
    products: [{
      product_id: 'p1', product_name: '상품', category_code: 'c1', category_name: ['의류'], quantity: 1, product_final_price: price, paid_at: '',
      confirmed_at: '', canceled_at: '', ...changes,
    }],
  });
}
