// What a developer has at the desk: `jangbu listen` prints and forwards webhooks, `jangbu trigger` makes them happen.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import test, { after, before } from 'node:test';

import { App, guideClock, operate } from '../support/hub.mjs';
import { assertGenuine, closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, binary, eventually, run, Server } from '../support/server.mjs';

let server;

before(async () => {
  server = await Server.start({ clock: guideClock });
});
after(async () => {
  for (const listener of listeners) listener.end();
  await server?.stop();
  await closeReceivers();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 90_000 }, Server.logged(() => server, body));

const listeners = new Set();

/** `jangbu listen --json`; each line that it prints is kept. */
class Listener {
  lines = [];
  log = '';

  static async start(...args) {
    const listener = new Listener();
    listeners.add(listener);
    listener.child = spawn(binary, ['listen', '--data', server.directory, '--json', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    listener.child.stderr.setEncoding('utf8').on('data', (text) => (listener.log += text));
    readline.createInterface({ input: listener.child.stdout }).on('line', (line) => listener.lines.push(JSON.parse(line)));
    await eventually('it listens', () => (listener.log.includes('listening to') ? true : undefined));
    return listener;
  }

  /** Waits for the line about a document and topic. */
  heard(document, topic) {
    return eventually(`${topic} of ${document}`, () => this.lines.find((line) => line.document === document && line.topic === topic));
  }

  end() {
    listeners.delete(this);
    this.child.kill('SIGKILL');
  }
}

/** Triggers an event; the order's code or the invoice's id. */
async function trigger(event, ...args) {
  const { code, stdout, stderr } = await run('trigger', event, '--data', server.directory, ...args);
  assert.equal(code, 0, stderr);
  const made = new RegExp(`^${event.replace('.', '\\.')}: (?:order|invoice) ([0-9A-Za-z-]+)`).exec(stdout);
  assert.ok(made, stdout);
  return made[1];
}

const feed = async (query = '') => operate(server, 'GET', `/api/deliveries/feed${query}`);

/** The events that `jangbu trigger --list` names, of one door. */
async function listed(of) {
  const { stdout } = await run('trigger', '--list');
  return stdout.trim().split('\n').map((line) => line.split(' ')[0]).filter((event) => event.startsWith(of));
}

check('every event of an invoice happens, is heard, and reaches the desk signed', async () => {
  const desk = await Receiver.start();
  const listener = await Listener.start('--forward', desk.url('/desk'), '--door', 'invoice');
  const events = await listed('PAYMENT_');
  assert.deepEqual(events, ['PAYMENT_COMPLETED', 'PAYMENT_REQUEST_FAILED', 'PAYMENT_CANCELLED', 'PAYMENT_PARTIAL_CANCELLED', 'PAYMENT_EXPIRED']);
  for (const event of events) {
    const id = await trigger(event);
    const line = await listener.heard(id, event);
    assert.equal(line.forwarded.status, 204);
    const request = desk.requests.find(({ json }) => json.invoice_id === id && json.webhook_type === event);
    assert.equal(request.text, line.body);
    assertGenuine(server.sandbox.invoice.webhook_secret, request);
    assert.match(request.headers['x-bootpay-signature'], /^sha256=[0-9a-f]{64}$/);
    await eventually('the receiver that the invoice names took it', async () => {
      const { deliveries } = (await operate(server, 'GET', `/api/deliveries?order_code=${id}`)).json();
      return deliveries.find(({ topic, status }) => topic === event && status === 'delivered');
    });
  }
  // The seller's own test goes where the app's webhook is, and that is as it was afterwards.
  const { code, stdout, stderr } = await run('trigger', 'WEBHOOK_TEST', '--data', server.directory);
  assert.equal(code, 0, stderr);
  assert.equal(stdout.trim(), `WEBHOOK_TEST: webhook ${server.baseUrl}/sandbox/webhooks`);
  await eventually('the test', async () => desk.requests.find(({ json }) => json.webhook_type === 'WEBHOOK_TEST'));
  const { apps } = (await operate(server, 'GET', '/api/invoice/apps')).json();
  assert.equal(apps.find(({ client_key: key }) => key === server.sandbox.invoice.client_key).webhook_url, null);
  listener.end();
});

check('every event of an order happens, is heard, and reaches the desk signed', async () => {
  const desk = await Receiver.start();
  const listener = await Listener.start('--forward', desk.url('/desk'));
  const events = await listed('order.');
  assert.ok(events.length >= 5, events.join());
  for (const event of events) {
    const code = await trigger(event);
    const line = await listener.heard(code, event);
    assert.equal(line.forwarded.status, 204);
    assert.equal(JSON.parse(line.body).data.orderCode, code);
    const request = desk.about(code, event)[0];
    assert.equal(request.path, '/desk');
    assert.equal(request.text, line.body);
    assertGenuine(server.sandbox.hub.webhook_secret, request);
    // The receiver that the order names was told, too, under the same id.
    const { deliveries } = (await operate(server, 'GET', `/api/deliveries?order_code=${code}`)).json();
    const delivery = deliveries.find(({ topic }) => topic === event);
    assert.equal(delivery.target, `${server.baseUrl}/sandbox/webhooks`);
    assert.equal(delivery.message_id, request.id);
  }
  listener.end();
});

check('a desk that is away or says no is told of, and nothing is lost for it', async () => {
  const desk = await Receiver.start((_, response) => desk.say(response, 500, {}, 'no'));
  const listener = await Listener.start('--forward', desk.url());
  assert.equal((await listener.heard(await trigger('order.paid'), 'order.paid')).forwarded.status, 500);
  await desk.close();
  const line = await listener.heard(await trigger('order.paid'), 'order.paid');
  assert.equal(line.forwarded.status, 0);
  assert.ok(line.forwarded.error.length > 0);
  listener.end();
});

check('only what is asked for', async () => {
  const all = await Listener.start();
  const some = await Listener.start('--events', 'order.refunded,order.expired', '--door', 'hub');
  const none = await Listener.start('--door', 'invoice');
  const code = await trigger('order.refunded');
  await all.heard(code, 'order.refunded');
  assert.equal((await all.heard(code, 'order.paid')).forwarded, null);
  await some.heard(code, 'order.refunded');
  assert.deepEqual(some.lines.map(({ topic }) => topic), ['order.refunded']);
  assert.deepEqual(none.lines, []);
  for (const listener of [all, some, none]) listener.end();
});

check('it goes on where it was, also over a restart of the server', async () => {
  const listener = await Listener.start();
  const first = await listener.heard(await trigger('order.paid'), 'order.paid');
  await server.stop();
  await eventually('it waits', () => (listener.log.includes('waiting for the server') ? true : undefined));
  await server.restart();
  const missed = await trigger('order.cancelled');
  await listener.heard(missed, 'order.cancelled');
  listener.end();
  assert.deepEqual(new Set(listener.lines.map(({ id }) => id)).size, listener.lines.length, 'nothing twice');
  // Another one begins after an event of its choice.
  const again = await Listener.start('--after', String(first.id));
  await again.heard(missed, 'order.cancelled');
  assert.ok(again.lines.every(({ id }) => id > first.id));
  again.end();
});

check('once: the exit status says whether the desk took it', async () => {
  const good = await Receiver.start();
  const bad = await Receiver.failing(500, 500);
  const { last } = (await feed()).json();
  await trigger('order.paid');
  for (const [desk, status] of [[good, 0], [bad, 1]]) {
    const { code, stdout } = await run('listen', '--data', server.directory, '--once', '--after', String(last), '--forward', desk.url());
    assert.equal(code, status, stdout);
    assert.match(stdout, /order\.paid {2}HUBPAY-/);
    assert.match(stdout, status === 0 ? /-> 204 in \d+ ms/ : /-> 500 in \d+ ms status 500/);
  }
});

check('the feed waits for the next event, and no longer than it was asked to', async () => {
  const { events, last } = (await feed()).json();
  assert.deepEqual(events, [], 'without a place it begins now');
  const begun = Date.now();
  const nothing = (await feed(`?after=${last}&wait=1`)).json();
  assert.deepEqual(nothing, { events: [], last });
  assert.ok(Date.now() - begun >= 900, 'it has waited');
  const waiting = feed(`?after=${last}&wait=20`);
  const code = await trigger('order.cancelled');
  const heard = (await waiting).json();
  assert.deepEqual(heard.events.map(({ topic, document }) => [topic, document]), [['order.cancelled', code]]);
  assert.equal(heard.last, heard.events[0].id);
  assertGenuine(server.sandbox.hub.webhook_secret,
    { text: heard.events[0].body, headers: { 'content-type': 'application/json', ...heard.events[0].headers } });
});

for (const query of ['?after=x', '?after=-1', '?wait=26', '?wait=x', '?limit=0', '?limit=101', '?colour=red']) {
  check(`refused: ${query}`, async () => assert.equal((await feed(query)).status, 400));
}

check('only the operator is fed', async () => {
  assert.equal((await server.request('GET', '/api/deliveries/feed?wait=1')).status, 401);
  assert.equal((await App.sales(server).send('GET', '/api/deliveries/feed?wait=1')).status, 401);
});

check('more than a few do not wait at once, and a stop does not wait for them', async () => {
  const { last } = (await feed()).json();
  const waiting = Array.from({ length: 20 }, () => feed(`?after=${last}&wait=25`).then(({ status }) => status, () => 'cut off'));
  const refused = await eventually('some are refused', async () => {
    const settled = await Promise.race([Promise.all(waiting), Promise.any(waiting)]);
    return settled === 503 ? settled : undefined;
  });
  assert.equal(refused, 503);
  const begun = Date.now();
  await server.stop();
  assert.ok(Date.now() - begun < 5_000, 'the stop was soon');
  const statuses = await Promise.all(waiting);
  assert.equal(statuses.filter((status) => status === 200).length, 16, statuses.join());
  await server.restart();
});

check('what cannot be triggered', async () => {
  const unknown = await run('trigger', 'order.eaten', '--data', server.directory);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /there is no event order\.eaten/);
  const nowhere = await run('trigger', 'order.paid', '--data', `${server.directory}/nowhere`);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /no server runs on/);
  const silent = await run('listen', '--data', `${server.directory}/nowhere`);
  assert.equal(silent.code, 1);
  assert.match(silent.stderr, /no server runs on/);
});
