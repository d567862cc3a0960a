#!/usr/bin/env node
// Measures the invoice door over real HTTP: invoices made durably, of one product and with the guide's adjustments, and pages of
// their list. Starts a server of its own in a new directory.
//
//   bench/invoice.mjs [--invoices N] [--pages N] [--connections N] [--json]
//
// Every answer is looked at. The exit status is 1 when one was not a success, or when `jangbu verify` finds a fault.
// docs/performance.md has the method and the figures.
import os from 'node:os';
import { parseArgs } from 'node:util';

import { operate } from '../tests/support/hub.mjs';
import { basic, guideProduct, invoiceBody, issueSeller } from '../tests/support/invoice.mjs';
import { Server, assertVerifies } from '../tests/support/server.mjs';
import { Driver, figures, report } from './drive.mjs';

const { values: options } = parseArgs({
  options: {
    invoices: { type: 'string', default: '20000' },
    pages: { type: 'string', default: '2000' },
    connections: { type: 'string', default: '64' },
    json: { type: 'boolean', default: false },
  },
});
const [invoices, pages, connections] = ['invoices', 'pages', 'connections'].map((name) => Number(options[name]));

const server = await Server.start();
const seller = await issueSeller(server, operate, { rate: 100_000, burst: 1_000_000 });
const driver = new Driver(server, connections);
const request = (method, path, body) => ({ method, path, status: 200, body, headers: { Authorization: basic(seller) } });

const load = os.loadavg()[0];
const results = [];
for (const [name, changes] of [['invoices of one product', {}], ["invoices of the guide's 24 months", { products: [guideProduct()] }]]) {
  results.push(...figures(name, await driver.drive(invoices, () => request('POST', '/v1/invoices', invoiceBody(changes)), {
    keep: (_, answer) => {
      if (!answer.json().invoice_id) throw new Error(`no invoice: ${answer.text.slice(0, 200)}`);
    },
  })));
}
for (const [name, lanes] of [['alone', 1], [`${connections} at once`, connections]]) {
  results.push(...figures(`the first page of 24, ${name}`, await driver.drive(pages, () => request('GET', '/v1/invoices?page=1&limit=24'), {
    lanes, keep: (_, answer) => {
      const { list, count } = answer.json();
      if (list.length !== Math.min(24, 2 * invoices) || count !== 2 * invoices) throw new Error(`another list: ${answer.text.slice(0, 200)}`);
    },
  })));
}
driver.end();
await server.stop();
await assertVerifies(server.directory);
report({ load, connections, results }, options.json);
