// Someone changes the database behind the server's back: one byte, in every column of every table in turn. `verify` finds
// it and names the table.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { before } from 'node:test';

import { Till } from '../support/purchase.mjs';
import { Server, assertVerifies, run, temporaryDirectory } from '../support/server.mjs';
import { wholeBook } from '../support/whole_book.mjs';

// Tables that are no truth, by their schema's own word (docs/adr/0010-not-truth.md). Of these nothing is noticed ...
const passedOver = new Set(['delivery_attempts', 'engine_tokens', 'payment_sandbox_charges']);
// ... and of these a changed byte shows in the row's proof, a row that is gone does not.
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
let file;
let tables;
before(async () => {
  server = await wholeBook();
  await server.stop();
  await assertVerifies(server.directory);
  file = databaseFile(server.directory);
  tables = rows(file, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name;")
    .flat().filter((table) => !passedOver.has(table) && rows(file, `SELECT count(*) FROM ${quoted(table)};`)[0][0] !== '0');
});

/** What `verify` says of a copy of the book that SQL was run on; fails unless it finds a fault. */
async function found(change, what) {
  const copy = temporaryDirectory('jangbu-tampered-');
  fs.cpSync(server.directory, copy, { recursive: true });
  sql(path.join(copy, path.basename(file)), `PRAGMA ignore_check_constraints = ON; ${change}`);
  const { code, stdout, stderr } = await run('verify', copy);
  fs.rmSync(copy, { recursive: true, force: true });
  assert.equal(code, 1, `${what}: verify said: ${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

test('a changed byte anywhere is found and named', { timeout: 600_000 }, async (t) => {
  assert.ok(tables.length >= 30, `tables: ${tables}`);
  let changes = 0;
  for (const table of tables) {
    const columns = rows(file, `SELECT name, pk FROM pragma_table_info('${table}');`);
    const keys = columns.filter(([, pk]) => pk !== '0').map(([name]) => name);
    await t.test(table, async () => {
      for (const [column] of columns) {
        // The last row of the table, by its key or, where it has none, by its row id.
        const name = keys.length ? keys : ['rowid'];
        const picked = name.map((key) => `quote(${quoted(key)})`).join(', ');
        const [row] = rows(file,
          `SELECT quote(${quoted(column)}), ${picked} FROM ${quoted(table)} ORDER BY ${name.map(quoted).join(', ')} DESC LIMIT 1;`);
        const where = name.map((key, i) => `${quoted(key)} = ${row[i + 1]}`).join(' AND ');
        // A key's number becomes one that no row has.
        const change = keys.includes(column) && /^-?\d+$/.test(row[0])
          ? rows(file, `SELECT max(${quoted(column)}) + 1 FROM ${quoted(table)};`)[0][0] : changed(row[0]);
        const what = `${table}.${column}: ${row[0]} became ${change}`;
        const told = await found(`UPDATE ${quoted(table)} SET ${quoted(column)} = ${change} WHERE ${where};`, what);
        assert.ok(told.includes(table), `${what}: verify does not name the table: ${told}`);
        changes++;
      }
    });
  }
  t.diagnostic(`${changes} changes were made and found`);
});

test('a changed seal is found on records of every kind, also where nobody signs', { timeout: 600_000 }, async (t) => {
  const seals = rows(file, 'SELECT hex(substr(body, 1, 2)), MAX(number), quote(seal) FROM engine_records GROUP BY 1 ORDER BY 1;');
  assert.ok(seals.length >= 39, `${seals.length} kinds of records`);
  for (const [kind, number, seal] of seals) {
    await t.test(`kind ${Buffer.from(kind, 'hex').readUInt16LE()}`, async () => {
      for (const change of seal === "X''" ? ["X'00'"] : [changed(seal), "X''"]) {
        const told = await found(`UPDATE engine_records SET seal = ${change} WHERE number = ${number};`, `the seal of record ${number} became ${change}`);
        assert.match(told, new RegExp(`engine_records.*record ${number}\\b`), told);
      }
    });
  }
});

test('a row that is gone is missed and named', { timeout: 600_000 }, async (t) => {
  for (const table of tables.filter((name) => !notCompared.has(name))) {
    await t.test(table, async () => {
      const keys = rows(file, `SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk;`).flat();
      const key = (keys.length ? keys : ['rowid']).map(quoted).join(', ');
      // The first row: to cut off the last records is seen only against a root that was exported before.
      const told = await found(
        `DELETE FROM ${quoted(table)} WHERE (${key}) = (SELECT ${key} FROM ${quoted(table)} ORDER BY ${key} LIMIT 1);`, `a row of ${table} went`);
      assert.ok(told.includes(table), `verify does not name ${table}: ${told}`);
    });
  }
});

// Whoever has the whole database can do better than change a byte. A book whose newest records were left out is what it was
// before them, and one that was written anew is as good as this one: only what was noted elsewhere tells.
test('a book that was cut off or written anew has not what was noted of it', { timeout: 120_000 }, async () => {
  const directory = temporaryDirectory('jangbu-noted-');
  const [earlier, later] = ['earlier', 'later'].map((name) => path.join(directory, `${name}.jangbu`));
  const shop = await Server.start();
  await new Till(shop).accepted(new Till(shop).simple(1000, 10));
  assert.equal((await run('backup', shop.directory, earlier)).code, 0);
  await new Till(shop).accepted(new Till(shop).simple(1000, 10));
  assert.equal((await run('backup', shop.directory, later)).code, 0);
  await shop.stop();
  const cut = path.join(directory, 'cut');
  assert.equal((await run('restore', earlier, cut)).code, 0);

  const verified = async (...args) => {
    const { code, stdout, stderr } = await run('verify', ...args);
    assert.equal(code, 0, `${args}: ${stdout}${stderr}`);
    return /^verified .*, head ((\d+):(0x[0-9a-f]{64}))$/m.exec(stdout).slice(1);
  };
  const [early, earlyNumber] = await verified(earlier);
  const [head, , hash] = await verified(shop.directory);
  const [cutHead] = await verified(cut);
  for (const [place, ...args] of [
    [shop.directory, '--contains', early, '--contains', head, '--since', earlier], [shop.directory, '--since', later],
    [later, '--contains', early, '--since', earlier], [later, '--contains', head, '--since', later],
    [cut, '--contains', early, '--contains', cutHead, '--since', earlier],
  ]) await verified(place, ...args);

  const differs = new RegExp(`engine_records: record ${BigInt(earlyNumber) + 1n} has the hash 0x[0-9a-f]{64}, that of .*later.jangbu is 0x`);
  for (const [place, says, ...args] of [
    [earlier, /engine_records: record \d+, which was noted, is missing: the book ends with record \d+/, '--contains', head],
    [earlier, /engine_records: record \d+, which is in .*later.jangbu, is missing/, '--since', later],
    [cut, /engine_records: record \d+.* was noted/, '--contains', early, '--contains', head],
    [cut, differs, '--since', later],
    [server.directory, /engine_records: record \d+ has the hash 0x[0-9a-f]{64}, what was noted of it is 0x/, '--contains', early],
    [server.directory, /engine_records: record 1 has the hash /, '--since', later],
  ]) {
    await verified(place);
    const { code, stdout } = await run('verify', place, ...args);
    assert.equal(code, 1, `${place} ${args}`);
    assert.match(stdout, says);
  }
  for (const [code, ...args] of [[2, '--contains', hash], [2, '--contains', `${early}00`], [2, '--contains', `0:${hash}`], [1, '--since', '/nowhere'], [2, '--since', '']])
    assert.equal((await run('verify', later, ...args)).code, code, args.join(' '));
});
