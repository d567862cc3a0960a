// Clicks on two nodes over one PostgreSQL: either sends shoppers on, one writes; after a take-over the other takes them itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test, { after } from 'node:test';

import { operate } from '../support/hub.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const postgres = process.env.JANGBU_TEST_POSTGRES;
const name = `jangbu_clicks_${process.pid}`;

const psql = (statement) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', postgres, '-c', statement], { stdio: 'pipe' });

let first;
let second;
let created = false;
after(async () => {
  for (const node of [first, second]) if (node?.running) await node.kill();
  if (created) psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

const logs = { get log() { return `first:\n${first?.log}\nsecond:\n${second?.log}`; } };

test('a shopper may come by either node', {
  timeout: 120_000, skip: postgres ? false : 'JANGBU_TEST_POSTGRES names no database',
}, Server.logged(() => logs, async () => {
  psql(`CREATE DATABASE ${name}`);
  created = true;
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  first = await Server.start({ database: url.href });
  second = await Server.start({ database: url.href });
  const { merchant_id: m, affiliate_id: a } = first.sandbox.affiliate;
  assert.deepEqual(second.sandbox.affiliate, first.sandbox.affiliate);

  const click = async (node, user) => {
    const answer = await node.request('GET', `/click.php?m=${m}&a=${a}&u_id=${user}`, { headers: { 'User-Agent': `browser of ${user}` } });
    if (answer.status === 503) return undefined;
    assert.equal(answer.status, 302, answer.text);
    return /^LPINFO=([^;]+)/.exec(answer.headers['set-cookie'][0])[1].split('|')[1];
  };
  const ids = { left: await click(first, 'left'), right: await click(second, 'right') };
  assert.equal((await second.request('GET', `/click.php?m=nobody&a=${a}`)).status, 400);
  const known = async (node) => {
    const { clicks } = (await operate(node, 'GET', `/api/clicks?merchant_id=${m}`)).json();
    return Object.fromEntries(clicks.map(({ u_id: user, click_id: id }) => [user, id]));
  };
  assert.deepEqual(await known(first), ids, 'the node that writes shows them at once');
  assert.deepEqual(await known(second), ids, 'and the other has them, too');
  assert.equal((await operate(second, 'GET', `/api/clicks/${ids.left}`)).json().u_id, 'left');

  await first.kill('SIGKILL');
  ids.after = await eventually('the second node takes over', () => click(second, 'after'), 30_000);
  assert.deepEqual(await known(second), ids);
  await second.stop();
  await assertVerifies(url.href);
}));
