// Someone changes the database behind the server's back: one byte, in every column of every table in turn. `verify` finds
// it and names the table.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { Till } from '../support/purchase.mjs';
import { Server, assertVerifies, run, temporaryDirectory } from '../support/server.mjs';

// Tables that are no truth, by their schema's own word: a changed byte shows in the row's proof, a row that is gone does not.
const notCompared = new Map([
  ['engine_recovery', 'a hint: without it the next start reads more records'],
  ['engine_writer', 'who writes at the moment'],
  ['engine_secrets', 'signing keys: without one nothing new is signed, and nothing old is in doubt'],
]);

const sql = (file, statement) =>
  execFileSync('sqlite3', ['-bail', '-batch', '-noheader', '-separator', '\t', file], { input: statement, encoding: 'utf8' });

const rows = (file, statement) => sql(file, statement).split('\n').filter(Boolean).map((line) => line.split('\t'));

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

/** The database in a data directory, by its first bytes. */
function databaseFile(directory) {
  const found = fs.readdirSync(directory, { recursive: false })
    .map((name) => path.join(directory, name))
    .filter((file) => fs.statSync(file).isFile() && fs.readFileSync(file).subarray(0, 15).toString('latin1') === 'SQLite format 3');
  assert.equal(found.length, 1, `databases in ${directory}: ${found}`);
  return found[0];
}

/** A literal as `quote()` gives it, with one byte changed. */
function changed(literal) {
  if (literal.startsWith("X'")) {
    if (literal === "X''") return "X'00'";
    const digit = literal.at(-2);
    return `${literal.slice(0, -2)}${digit === '0' ? '1' : '0'}'`;
  }
  if (literal.startsWith("'")) return literal === "''" ? "'~'" : literal.replace(/[^'](?='$)/, (last) => (last === '~' ? '!' : '~'));
  if (literal === 'NULL') return '1';
  return (BigInt(literal) + 1n).toString();
}

let server;

test('a changed byte anywhere is found and named', { timeout: 300_000 }, Server.logged(() => server, async (t) => {
  server = await Server.start();
  const till = new Till(server);
  for (let i = 0; i < 5; i++) await till.accepted(till.purchase());
  const body = till.purchase();
  await till.accepted(body);
  await till.receipt(body.purchaseId);
  await till.cancelled(body.purchaseId);
  await server.stop();
  await assertVerifies(server.directory);

  const file = databaseFile(server.directory);
  const tables = rows(file, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name;");
  assert.ok(tables.length >= 3, `tables: ${tables}`);
  let changes = 0;
  for (const [table] of tables) {
    const [[count]] = rows(file, `SELECT count(*) FROM ${quoted(table)};`);
    if (count === '0') continue;
    const columns = rows(file, `SELECT name, pk FROM pragma_table_info('${table}');`);
    const keys = columns.filter(([, pk]) => pk !== '0').map(([name]) => name);
    await t.test(table, async () => {
      for (const [column] of columns) {
        const copy = temporaryDirectory('jangbu-tampered-');
        fs.cpSync(server.directory, copy, { recursive: true });
        const target = path.join(copy, path.basename(file));
        // The last row of the table, by its key or, where it has none, by its row id.
        const name = keys.length ? keys : ['rowid'];
        const picked = name.map((key) => `quote(${quoted(key)})`).join(', ');
        const [found] = rows(target,
          `SELECT quote(${quoted(column)}), ${picked} FROM ${quoted(table)} ORDER BY ${name.map(quoted).join(', ')} DESC LIMIT 1;`);
        const where = name.map((key, i) => `${quoted(key)} = ${found[i + 1]}`).join(' AND ');
        const change = changed(found[0]);
        sql(target, `PRAGMA ignore_check_constraints = ON;
          UPDATE ${quoted(table)} SET ${quoted(column)} = ${change} WHERE ${where};`);
        const { code, stdout, stderr } = await run('verify', copy);
        const told = `${stdout}${stderr}`;
        assert.equal(code, 1, `${table}.${column}: ${found[0]} became ${change}, and verify said: ${told}`);
        assert.ok(told.includes(table), `${table}.${column}: verify does not name the table: ${told}`);
        fs.rmSync(copy, { recursive: true, force: true });
        changes++;
      }
    });
  }
  t.diagnostic(`${changes} changes were made and found`);
}));

test('a row that is gone is missed and named', { timeout: 300_000 }, async (t) => {
  const file = databaseFile(server.directory);
  const tables = rows(file, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name;");
  for (const [table] of tables) {
    const [[count]] = rows(file, `SELECT count(*) FROM ${quoted(table)};`);
    if (notCompared.has(table) || count === '0') continue;
    await t.test(table, async () => {
      const copy = temporaryDirectory('jangbu-tampered-');
      fs.cpSync(server.directory, copy, { recursive: true });
      const keys = rows(file, `SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk;`).flat();
      const key = (keys.length ? keys : ['rowid']).map(quoted).join(', ');
      // The first row: to cut off the last records is seen only against a root that was exported before.
      sql(path.join(copy, path.basename(file)),
        `DELETE FROM ${quoted(table)} WHERE (${key}) = (SELECT ${key} FROM ${quoted(table)} ORDER BY ${key} LIMIT 1);`);
      const { code, stdout, stderr } = await run('verify', copy);
      assert.equal(code, 1, `${table}: verify did not miss the row: ${stdout}${stderr}`);
      assert.ok(`${stdout}${stderr}`.includes(table), `verify does not name ${table}: ${stdout}${stderr}`);
      fs.rmSync(copy, { recursive: true, force: true });
    });
  }
});
