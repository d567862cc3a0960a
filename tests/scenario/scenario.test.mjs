// Runs the scenarios of this directory, *.scenario: what clients ask, what they are answered, what the clock does, and what the
// ledger says then. One server for each. The lines of a scenario:
//
//   # words for people
//   clock 2026-05-25T10:00:00+09:00      where business time starts; first of all
//   > sales POST /v1/pay/orders key=k    a request of: sales, reviewer, seller, supervisor (the seller's), operator, or anybody;
//                                        `key` is the Idempotency-Key
//   {"amount": 1000, ...}                its body, on the lines up to the answer; @name stands for a part named with `let`
//   < 201                                the status that is expected, and below it what the body must say: members that are not
//   {"orderCode": "{order}", ...}        listed may be there, "*" is any value, "{name}" keeps a value when it is first met and
//                                        stands for it everywhere from then on, also within a text: "http://{host}/pay/{token}"
//   let name = {...}                     a JSON value, on this line and those that follow up to an empty one
//   advance 31m                          moves business time; what falls due is done
//   advance 45d killed                   the process is killed on the way, started again, and walks what is left of it
//   restart                              the process is killed and started again
//   ! PAYMENT_COMPLETED                  the next webhook of some invoice that came to {hooks}, and below it what it must say: what
//                                        is told of one invoice comes in order, of several in any
//   eventually                           the next request is repeated until it is answered as expected
//   = partner:1:deposit 206000 held 0    what was posted on an account, and what of it is held
//
// {hooks} is the URL of a server of the seller's that accepts every webhook, {client_key} the seller's app.
//
// Every scenario ends with `jangbu verify`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import { advance, App, guideClock, operate } from '../support/hub.mjs';
import { Answer } from '../support/http.mjs';
import { Seller } from '../support/invoice.mjs';
import { closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const directory = path.dirname(fileURLToPath(import.meta.url));

/** [{kind, line, words, text}]: a statement with the lines below it that belong to it. */
function parse(source) {
  const statements = [];
  source.split('\n').forEach((line, i) => {
    const found = /^(clock|let|advance|restart|eventually|>|<|=|!)(?: |$)(.*)$/.exec(line);
    if (found) statements.push({ kind: found[1], line: i + 1, words: found[2].trim(), text: '' });
    else if (line.trim() !== '' && !line.startsWith('#')) {
      const last = statements.at(-1);
      assert.ok(last && ['let', '>', '<', '!'].includes(last.kind), `line ${i + 1} belongs to nothing: ${line}`);
      last.text += `${line}\n`;
    }
  });
  return statements;
}

/** What a scenario remembers, and how its texts read with it. */
class Memory {
  #values = new Map();
  #parts = new Map();

  keep(name, value) {
    this.#values.set(name, value);
  }

  define(name, text) {
    this.#parts.set(name, JSON.parse(this.filled(text)));
  }

  filled(text) {
    return text.replace(/\{(\w+)\}/g, (whole, name) => this.#values.get(name) ?? whole)
      .replace(/@(\w+)/g, (whole, name) => (this.#parts.has(name) ? JSON.stringify(this.#parts.get(name)) : whole));
  }

  /** Fails unless the value is as expected; keeps what is met for the first time. */
  match(expected, value, at) {
    if (expected === '*') return assert.notEqual(value, undefined, `${at} is missing`);
    const name = typeof expected === 'string' && /^\{(\w+)\}$/.exec(expected)?.[1];
    if (name && !this.#values.has(name)) {
      assert.ok(typeof value === 'string' || typeof value === 'number', `${at} cannot be kept: ${JSON.stringify(value)}`);
      return void this.#values.set(name, String(value));
    }
    if (name) return assert.equal(String(value), this.#values.get(name), at);
    if (typeof expected === 'string' && typeof value === 'string' && /\{\w+\}/.test(expected)) return this.#matchWithin(expected, value, at);
    if (expected === null || typeof expected !== 'object') return assert.deepEqual(value, expected, at);
    assert.ok(value !== null && typeof value === 'object', `${at} is ${JSON.stringify(value)}`);
    if (Array.isArray(expected)) assert.equal(value.length, expected.length, `${at} has ${value.length} elements`);
    for (const [member, inner] of Object.entries(expected)) this.match(inner, value[member], `${at}.${member}`);
  }

  /** Whether the value is as expected; when it is not, nothing of it is kept. */
  fits(expected, value) {
    const kept = new Map(this.#values);
    try {
      this.match(expected, value, '');
      return true;
    } catch {
      this.#values = kept;
      return false;
    }
  }

  /** A text with names in it that stand for parts of a path. */
  #matchWithin(expected, value, at) {
    const names = [];
    const pattern = expected.split(/(\{\w+\})/).map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name && !this.#values.has(name)) return names.push(name), '([^/]+)';
      return (name ? this.#values.get(name) : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    }).join('');
    const found = new RegExp(`^${pattern}$`).exec(value);
    assert.ok(found, `${at} is ${value}`);
    names.forEach((name, i) => this.#values.set(name, found[i + 1]));
  }
}

/** Posted and held of an account, as the tables have them; both 0 for one that was never opened. */
function balance(server, name) {
  const money = (hex) => BigInt(`0x${hex}`) - (1n << 127n);
  const found = execFileSync('sqlite3', ['-readonly', '-separator', ' ', path.join(server.directory, 'jangbu.db'),
    `SELECT hex(posted), hex(held) FROM ledger_accounts WHERE name = X'${Buffer.from(name).toString('hex')}'`], { encoding: 'utf8' }).trim();
  return found === '' ? [0n, 0n] : found.split(' ').map(money);
}

class Run {
  #memory = new Memory();
  #repeats = false;
  #heard = new Set();

  constructor(server, hooks) {
    this.server = server;
    this.hooks = hooks;
    this.#memory.keep('hooks', hooks.url());
    this.#memory.keep('client_key', server.sandbox.invoice.client_key);
    this.callers = { sales: App.sales(server), reviewer: App.reviewer(server), seller: new Seller(server) };
  }

  async #send({ words, text }) {
    const [caller, method, target, key] = this.#memory.filled(words).split(' ');
    const body = text === '' ? undefined : this.#memory.filled(text);
    const supervises = caller === 'supervisor';
    if (supervises) return this.callers.seller.send(method, target, { body, key: key?.slice('key='.length), headers: { 'BOOTPAY-ROLE': caller } });
    if (this.callers[caller]) return this.callers[caller].send(method, target, { body, key: key?.slice('key='.length) });
    if (caller === 'operator') return operate(this.server, method, target, body);
    assert.equal(caller, 'anybody', `nobody is called ${caller}`);
    return this.server.request(method, target, { body });
  }

  #judge(answer, { words, text }, of) {
    assert.ok(answer instanceof Answer, 'an answer belongs to a request');
    const [status, ...headers] = words.split(' ');
    assert.equal(answer.status, Number(status), `${of}: ${answer.text}`);
    for (const header of headers) assert.equal(answer.headers[header], 'true', `${of}: ${header}`);
    if (text !== '') this.#memory.match(JSON.parse(this.#memory.filled(text)), answer.json(), of);
  }

  /** Of each invoice the first event that was not asked for yet. A process that is killed may send one again. */
  #waiting() {
    const first = new Map();
    for (const { json } of this.hooks.requests)
      if (!this.#heard.has(json.event_id) && !first.has(json.invoice_id)) first.set(json.invoice_id, json);
    return [...first.values()];
  }

  /** Moves the clock, kills the process while that goes on, and lets the next one walk what is left of the way. */
  async #dieOnTheWay(by) {
    const walk = this.server.request('POST', '/sandbox/clock', { body: { advance: by } }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 40));
    await this.server.kill('SIGKILL');
    await walk;
    await this.server.restart();
    await advance(this.server, '1s');
  }

  /** Runs statements[i] and gives where to go on. */
  async step(statements, i) {
    const statement = statements[i];
    const { kind, words, text } = statement;
    switch (kind) {
      case 'clock':
        return i + 1;
      case 'let': {
        const [, name, value] = /^(\w+) = ?([^]*)$/.exec(`${words}\n${text}`);
        this.#memory.define(name, value);
        return i + 1;
      }
      case 'advance': {
        const [by, killed] = words.split(' ');
        if (killed) await this.#dieOnTheWay(by);
        else await advance(this.server, by);
        return i + 1;
      }
      case 'restart':
        await this.server.kill('SIGKILL');
        await this.server.restart();
        return i + 1;
      case '!': {
        const expected = text === '' ? {} : JSON.parse(this.#memory.filled(text));
        const fits = (event) => event.webhook_type === words && this.#memory.fits(expected, event);
        const event = await eventually(`webhook ${words}`, async () => this.#waiting().find(fits))
          .catch((error) => assert.fail(`${error.message}; there are ${JSON.stringify(this.#waiting())}`));
        this.#heard.add(event.event_id);
        return i + 1;
      }
      case 'eventually':
        this.#repeats = true;
        return i + 1;
      case '=': {
        const [, account, posted, held] = /^(.+) (-?\d+) held (\d+)$/.exec(this.#memory.filled(words));
        assert.deepEqual(balance(this.server, account), [BigInt(posted), BigInt(held)], account);
        return i + 1;
      }
      case '>': {
        const expected = statements[i + 1];
        assert.equal(expected?.kind, '<', 'a request is followed by its answer');
        const once = async () => this.#judge(await this.#send(statement), expected, words);
        if (this.#repeats) await eventually(words, () => once().then(() => true, () => undefined));
        else await once();
        this.#repeats = false;
        return i + 2;
      }
      default:
        return assert.fail('an answer without a request');
    }
  }
}

let server;
after(closeReceivers);

for (const file of fs.readdirSync(directory).filter((name) => name.endsWith('.scenario')).sort()) {
  test(file, { timeout: 120_000 }, Server.logged(() => server, async () => {
    const statements = parse(fs.readFileSync(path.join(directory, file), 'utf8'));
    server = await Server.start({ clock: statements.find(({ kind }) => kind === 'clock')?.words ?? guideClock });
    const hooks = await Receiver.start((_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"success": true}'));
    const run = new Run(server, hooks);
    for (let i = 0; i < statements.length;) {
      const { line } = statements[i];
      try {
        i = await run.step(statements, i);
      } catch (error) {
        error.message = `${file}:${line}: ${error.message}`;
        // The tests would wait for a server that is left.
        if (server.running) await server.kill();
        throw error;
      }
    }
    await server.stop();
    await assertVerifies(server.directory);
  }));
}
