// A book between two versions of the program: `verify` says which schema it has and what to do, and a start brings it up.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after } from 'node:test';

import { assertVerifies, run, Server } from '../support/server.mjs';

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
    DELETE FROM schema_migration WHERE module = 'invoice_subscriptions' AND version = 3;`);
  const older = await run('verify', server.directory);
  assert.equal(older.code, 1);
  assert.ok(older.stdout.startsWith(`not verified: schema_migration: the book has schema ${schema - 1}, this program schema ${schema} `
    + '(invoice_subscriptions 2 against 3): start `jangbu serve`'), older.stdout);
  await server.restart();
  await server.stop();
  await assertVerifies(server.directory);

  sql("INSERT INTO schema_migration (module, version, script) VALUES ('invoice_subscriptions', 4, x'');");
  const newer = await run('verify', server.directory);
  assert.equal(newer.code, 1);
  assert.ok(newer.stdout.startsWith(`not verified: schema_migration: the book has schema ${schema + 1}, this program schema ${schema} `
    + '(invoice_subscriptions 4 against 3): verify it with the program that serves it'), newer.stdout);
  await assert.rejects(server.restart(), /use a newer program/);
  sql("DELETE FROM schema_migration WHERE module = 'invoice_subscriptions' AND version = 4;");
  await assertVerifies(server.directory);
}));
