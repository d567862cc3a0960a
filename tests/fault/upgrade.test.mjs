// A book between two versions of the program: `verify` says which schema it has and what to do, and a start brings it up.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after } from 'node:test';

import { App, fresh, operate } from '../support/hub.mjs';
import { assertVerifies, eventually, run, Server } from '../support/server.mjs';

let server;
after(async () => { if (server?.running) await server.kill(); });

test('a book of an older and of a newer program', { timeout: 120_000 }, Server.logged(() => server, async () => {
  server = await Server.start();
  await server.stop();
  await assertVerifies(server.directory);
  const [{ name }] = fs.readdirSync(server.directory, { withFileTypes: true }).filter((each) => each.isFile()
    && fs.readFileSync(path.join(server.directory, each.name)).subarray(0, 15).toString('latin1') === 'SQLite format 3');
  const sql = (statement) => execFileSync('sqlite3', ['-bail', '-batch', path.join(server.directory, name)], { input: statement, encoding: 'utf8' });
  const schema = Number(sql('SELECT count(*) FROM schema_migration;'));

  sql(`DROP INDEX invoice_subscription_bills_due; DROP INDEX invoice_subscription_bills_retry;
    ALTER TABLE invoice_subscriptions DROP COLUMN paused_at; ALTER TABLE invoice_subscriptions DROP COLUMN rested;
    DROP INDEX invoice_subscriptions_status; DROP INDEX invoice_subscription_bills_listed;
    DROP INDEX invoice_subscription_changes_listed; DROP INDEX invoice_subscription_changes_of;
    CREATE INDEX invoice_subscription_bills_app ON invoice_subscription_bills (app, number);
    CREATE INDEX invoice_subscription_changes_app ON invoice_subscription_changes (app, number);
    ALTER TABLE invoice_subscriptions DROP COLUMN card_pages_from;
    DELETE FROM schema_migration WHERE module = 'invoice_subscriptions' AND version >= 3;`);
  const older = await run('verify', server.directory);
  assert.equal(older.code, 1);
  assert.ok(older.stdout.startsWith(`not verified: schema_migration: the book has schema ${schema - 4}, this program schema ${schema} `
    + '(invoice_subscriptions 2 against 6): start `jangbu serve`'), older.stdout);
  await server.restart();
  await server.stop();
  await assertVerifies(server.directory);

  sql("INSERT INTO schema_migration (module, version, script) VALUES ('invoice_subscriptions', 7, x'');");
  const newer = await run('verify', server.directory);
  assert.equal(newer.code, 1);
  assert.ok(newer.stdout.startsWith(`not verified: schema_migration: the book has schema ${schema + 1}, this program schema ${schema} `
    + '(invoice_subscriptions 7 against 6): verify it with the program that serves it'), newer.stdout);
  await assert.rejects(server.restart(), /use a newer program/);
  sql("DELETE FROM schema_migration WHERE module = 'invoice_subscriptions' AND version = 7;");
  await assertVerifies(server.directory);
}));

test('a book of before the search knew leads and messages: its orders are found by their leads, what is sent from now on by its message', { timeout: 120_000 }, Server.logged(() => server, async () => {
  server = await Server.start();
  const sales = App.sales(server);
  const leadRef = fresh('lead');
  const paid = async (changes) => sales.paidOrder(1000, { webhookUrl: `${server.baseUrl}/sandbox/webhooks`, ...changes });
  const code = await paid({ leadRef });
  const get = async (where) => (await operate(server, 'GET', where)).json();
  const sent = (order) => eventually('the webhook', async () => (await get(`/api/deliveries?order_code=${order}&status=delivered`)).deliveries[0]);
  const older = await sent(code);
  await server.stop();
  execFileSync('sqlite3', ['-bail', '-batch', path.join(server.directory, 'jangbu.db')], { input: `
    DROP TABLE hub_order_leads; DROP INDEX delivery_attempts_message; ALTER TABLE delivery_attempts DROP COLUMN message;
    DROP TABLE hub_partner_numbers; CREATE TABLE hub_business_numbers (app BIGINT NOT NULL, business_number BLOB NOT NULL, partner BIGINT
      NOT NULL, PRIMARY KEY (app, business_number)) WITHOUT ROWID;
    DELETE FROM schema_migration WHERE (module = 'hub' AND version >= 4) OR (module = 'delivery' AND version = 2);` });
  await server.restart();
  const found = async (text) => (await get(`/api/search?q=${text}`)).found.map(({ kind, id }) => [kind, id]);
  assert.deepEqual(await found(leadRef), [['hub.order', code]]);
  assert.deepEqual(await found(older.message_id), []);
  const newer = await sent(await paid());
  assert.deepEqual(await found(newer.message_id), [['delivery', String(newer.id)]]);
  await server.stop();
  await assertVerifies(server.directory);
}));
