// Starts the server as its users do, one process with a data directory of its own, and ends it in every way that a test
// needs. What it printed is kept, and comes with every failure.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { request } from './http.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The program under test. */
export const binary = process.env.JANGBU ?? path.join(root, 'build/release/jangbu');

const startTimeoutMs = 20_000;
const stopTimeoutMs = 20_000;
const keptLogBytes = 64 * 1024;

const alive = new Set();
const directories = new Set();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
  for (const directory of directories) fs.rmSync(directory, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

/** A directory that is removed when the test program ends. */
export function temporaryDirectory(name = 'jangbu-test-') {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), name));
  directories.add(directory);
  return directory;
}

/** Runs the program to its end: `run('verify', directory)`. */
export async function run(...args) {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code, signal] = await once(child, 'close');
  alive.delete(child);
  return { code: code ?? signal, stdout, stderr };
}

/** Fails unless `jangbu verify` finds the books of a directory or database URL in order. */
export async function assertVerifies(directoryOrUrl) {
  const { code, stdout, stderr } = await run('verify', directoryOrUrl);
  assert.equal(code, 0, `verify failed:\n${stdout}${stderr}`);
  assert.match(stdout, /^verified /m);
}

export class Server {
  #child = null;
  #log = '';

  constructor({ directory, address = '127.0.0.1', database, clock, tls, args = [], environment = {} }) {
    this.directory = directory;
    this.address = address;
    this.database = database;
    this.clock = clock;
    this.tls = tls;
    this.args = args;
    this.environment = environment;
    this.port = 0;
    /** What DIR/sandbox.json says; read anew at each start. */
    this.sandbox = null;
  }

  /**
   * Starts a server that takes requests when the promise is kept. `directory`: default a new one; `address`: where it
   * listens, on a free port; `database`: a postgresql://
   * URL, or SQLite in the directory; `clock`: where business time starts; `tls`: {cert, key}, files for https; `args`: further
   * arguments of `serve`.
   */
  static async start(options = {}) {
    const server = new Server({ directory: temporaryDirectory(), ...options });
    await server.#launch();
    return server;
  }

  get baseUrl() {
    return `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  /** Of its process. */
  get pid() {
    return this.#child.pid;
  }

  get running() {
    return this.#child !== null;
  }

  /** The end of what it printed on both streams since it was first started. */
  get log() {
    return this.#log;
  }

  async #launch() {
    const args = ['serve', '--sandbox', '--data', this.directory, '--listen', `${this.address}:0`, ...this.args];
    if (this.database) args.push('--database', this.database);
    if (this.clock) args.push('--clock', this.clock);
    if (this.tls) args.push('--tls-cert', this.tls.cert, '--tls-key', this.tls.key);
    const child = spawn(binary, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.environment },
    });
    alive.add(child);
    this.#child = child;
    const exited = once(child, 'close').then(([code, signal]) => {
      alive.delete(child);
      if (this.#child === child) this.#child = null;
      return code ?? signal;
    });
    this.exited = exited;
    const keep = (text) => (this.#log = (this.#log + text).slice(-keptLogBytes));
    child.stderr.setEncoding('utf8').on('data', keep);
    child.stdout.setEncoding('utf8');
    await new Promise((resolve, reject) => {
      const fail = (reason) => reject(new Error(`${reason}\n${this.#log}`));
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        fail(`the server was not ready after ${startTimeoutMs} ms`);
      }, startTimeoutMs);
      child.on('error', (error) => fail(`${binary} cannot be started: ${error.message}`));
      exited.then((status) => fail(`the server ended with ${status} before it was ready`), fail);
      let line = '';
      child.stdout.on('data', (text) => {
        keep(text);
        line += text;
        const ready = /listening on https?:\/\/[\d.]+:(\d+)\r?\n/.exec(line);
        if (!ready) return (line = line.slice(line.lastIndexOf('\n') + 1));
        line = '';
        this.port = Number(ready[1]);
        clearTimeout(timer);
        resolve();
      });
    });
    this.sandbox = JSON.parse(fs.readFileSync(path.join(this.directory, 'sandbox.json'), 'utf8'));
  }

  /** Sends one request to this server; see http.mjs. */
  request(method, requestPath, options) {
    const trust = this.tls ? { ca: fs.readFileSync(this.tls.cert) } : {};
    return request(this.baseUrl, method, requestPath, { ...trust, ...options });
  }

  /** Sends a signal and waits for the end; the exit code, or the signal's name when that ended it. */
  async kill(signal = 'SIGKILL') {
    assert.ok(this.#child, 'the server is not running');
    const child = this.#child;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    const status = await this.exited;
    clearTimeout(timer);
    return status;
  }

  /** Ends it as an operator does, and fails unless it ends well. Does nothing when it is not running. */
  async stop() {
    if (!this.running) return;
    const status = await this.kill('SIGTERM');
    assert.equal(status, 0, `SIGTERM ended the server with ${status}\n${this.#log}`);
  }

  /** Starts it again on the same directory, after stop() or kill(); the port is another one. */
  async restart() {
    if (this.running) await this.stop();
    await this.#launch();
  }

  /** `jangbu verify` of its books: {code, stdout, stderr}. The server should be stopped. */
  verify() {
    return run('verify', this.database ?? this.directory);
  }

  /** A test body that shows the server's last lines when it fails. */
  static logged(getServer, body) {
    return async (t) => {
      try {
        await body(t);
      } catch (error) {
        const log = getServer()?.log;
        if (log) error.message += `\n---- the server's last lines ----\n${log.slice(-4000)}`;
        throw error;
      }
    };
  }
}

/** Asks until `probe` gives something other than undefined, for what the server does in its own time. */
export async function eventually(what, probe, timeoutMs = 15_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
