#!/usr/bin/env node
// How many clicks a second, beside what nginx does at most: a plain `return 302`. Both are driven by wrk on this machine, in turn,
// round by round; the figure to compare is the ratio of a round. On a machine that does other work besides, look at the processor time.
//
//   bench/clicks.mjs [--rounds N] [--seconds N] [--connections N] [--lanes N] [--workers N] [--database postgresql://...] [--json]
//
// Needs nginx and wrk (apt-get install nginx-light wrk). The answer of each click is looked at; at the end every click is in the
// books, and they verify. Exit status 1 when that is not so.
import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { assertVerifies, Server, temporaryDirectory } from '../tests/support/server.mjs';

const script = fileURLToPath(new URL('clicks.lua', import.meta.url));

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '5' }, connections: { type: 'string', default: '64' },
    lanes: { type: 'string', default: '1' }, workers: { type: 'string', default: '1' }, database: { type: 'string' }, json: { type: 'boolean' },
  },
});

/** A port that is free now. */
async function freePort() {
  const socket = net.createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** nginx that answers every request with a redirect, and writes no log. */
async function startNginx() {
  const directory = temporaryDirectory('jangbu-nginx-');
  const port = await freePort();
  const configuration = path.join(directory, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join(' ');
  fs.writeFileSync(configuration, `worker_processes ${options.workers}; daemon off; pid ${directory}/pid; error_log ${directory}/error;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; ${temporary}
  server { listen 127.0.0.1:${port}; location / { return 302 https://shop.example/gate; } } }\n`);
  const child = spawn('nginx', ['-c', configuration], { stdio: 'inherit' });
  for (let i = 0; i < 100; i++) {
    const answers = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' }).then((answer) => answer.status === 302, () => false);
    if (answers) return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop: () => (child.kill('SIGTERM'), once(child, 'close')) };
    await sleep(50);
  }
  throw new Error('nginx does not answer');
}

/** One run of wrk, as its script says it. */
async function run(url, { merchant_id: merchant, affiliate_id: affiliate }, seconds = options.seconds) {
  const wrk = spawn('wrk', ['-t1', `-c${options.connections}`, `-d${seconds}`, '--latency', '-s', script, url, '--', merchant, affiliate],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  wrk.stdout.setEncoding('utf8').on('data', (part) => (text += part));
  const [code] = await once(wrk, 'close');
  if (code !== 0) throw new Error(`wrk ended with ${code}`);
  const figures = JSON.parse(text.trim().split('\n').pop());
  if (figures.refused + figures.errors > 0) throw new Error(`${url}: ${figures.refused} were not redirected, ${figures.errors} failed`);
  return { ...figures, per_s: figures.requests / figures.seconds };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const spread = (values, digits) => `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;

/** The sum of all series of a name. */
async function metric(server, name) {
  const { text } = await server.request('GET', '/metrics');
  return [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0);
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Processor time that a process and its children have used, in seconds. */
function processorSeconds(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + processorSeconds(child), (Number(fields[11]) + Number(fields[12])) / ticksPerSecond);
}

const load = os.loadavg()[0];
const nginx = await startNginx();
const server = await Server.start({ args: ['--lanes', options.lanes], ...(options.database ? { database: options.database } : {}) });
const pair = server.sandbox.affiliate;
await run(nginx.url, pair, 1);
await run(server.baseUrl, pair, 1);

const rounds = [];
let clicks = 0;
let redirects = 0;
const begun = [server.pid, nginx.pid].map(processorSeconds);
for (let i = 0; i < Number(options.rounds); i++) {
  const [plain, ours] = i % 2 === 0 ? [await run(nginx.url, pair), await run(server.baseUrl, pair)]
    : [await run(server.baseUrl, pair), await run(nginx.url, pair)].reverse();
  clicks += ours.requests;
  redirects += plain.requests;
  rounds.push({ nginx: plain, ours, ratio: ours.per_s / plain.per_s });
}
const [oursUs, plainUs] = [[server.pid, clicks], [nginx.pid, redirects]].map(([pid, count], i) => ((processorSeconds(pid) - begun[i]) / count) * 1e6);
await nginx.stop();

// What wrk did not wait for was taken, too: never more than one a connection and run.
await sleep(1500);
const taken = await metric(server, 'jangbu_clicks_total');
const lost = await metric(server, 'jangbu_clicks_lost_total') + await metric(server, 'jangbu_clicks_waiting');
await server.stop();
await assertVerifies(options.database ?? server.directory);
if (lost !== 0 || taken < clicks) throw new Error(`${taken} clicks were taken of ${clicks}, ${lost} are lost or wait`);

const bytes = options.database ? undefined : fs.statSync(path.join(server.directory, 'jangbu.db')).size / taken;
if (options.json) {
  console.log(JSON.stringify({ load, ...options, rounds, processor_us: oursUs, nginx_processor_us: plainUs, bytes_per_click: bytes }));
} else {
  const each = (of) => rounds.map(of);
  console.log(`load before ${load.toFixed(1)}, ${options.connections} connections, ${options.lanes} lanes, ${options.workers} workers of nginx, ${clicks} clicks\n`);
  console.log('| | this server | nginx, return 302 |\n|---|---|---|');
  for (const [name, of, digits] of [['a second', (r) => r.per_s, 0], ['p50, ms', (r) => r.p50_us / 1000, 2], ['p99, ms', (r) => r.p99_us / 1000, 2]])
    console.log(`| ${name} | ${spread(each((r) => of(r.ours)), digits)} | ${spread(each((r) => of(r.nginx)), digits)} |`);
  console.log(`| ratio of a round | ${spread(each((r) => r.ratio), 2)} | |`);
  console.log(`| processor time, a request | ${oursUs.toFixed(1)} us | ${plainUs.toFixed(1)} us |`);
  if (bytes) console.log(`| stored, a click | ${bytes.toFixed(0)} bytes | |`);
}
