#!/usr/bin/env node
// The table of docs/performance.md: runs `jangbu bench` in each set-up several times, one after the other, and prints the
// median and the spread of each figure as Markdown.
//
//   bench/measure.mjs [--runs N] [--wait SECONDS] [--only NAME] [--database postgresql://...]
//
// A run starts when the machine's load is below 1.5, and says what it was when that did not happen within --wait seconds.
// --database names an empty database for the rows of PostgreSQL, which are left out without it.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const binary = process.env.JANGBU ?? path.join(root, 'build/release/jangbu');
const quietLoad = 1.5;
const pollMs = 1000;

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    wait: { type: 'string', default: '600' },
    only: { type: 'string' },
    database: { type: 'string' },
  },
});

const setups = [
  { name: 'a new book', arguments: ['--restart'] },
  { name: '100,000 accounts', arguments: ['--users', '100000'] },
  { name: 'two HTTP threads', arguments: ['--lanes', '2'] },
  { name: 'a million stored', arguments: ['--users', '100000', '--prefill', '1000000', '--restart'] },
];
if (options.database) {
  setups.push({ name: 'PostgreSQL', arguments: ['--database', options.database, '--one-by-one'] });
}

const percent = (share) => share * 100;
const figures = [
  { name: 'purchases/s', of: (r) => r.purchases_per_s, digits: 0 },
  { name: 'ratio to one core\'s signatures', of: (r) => r.ratio, digits: 2 },
  { name: 'ratio to PostgreSQL one by one', of: (r) => r.postgres_ratio, digits: 2 },
  { name: 'p50, ms', of: (r) => r.latency_ms.p50, digits: 1 },
  { name: 'p99, ms', of: (r) => r.latency_ms.p99, digits: 1 },
  { name: 'max, ms', of: (r) => r.latency_ms.max, digits: 1 },
  { name: 'server, us of processor a purchase', of: (r) => r.server_processor_us_per_purchase, digits: 0 },
  { name: 'memory, MB', of: (r) => r.server_peak_memory_kb / 1024, digits: 0 },
  { name: 'bytes a purchase', of: (r) => r.bytes_per_purchase, digits: 0 },
  { name: 'ready, ms', of: (r) => r.ready_ms, digits: 0 },
  { name: 'ready after kill -9, ms', of: (r) => r.ready_again_ms, digits: 0 },
  { name: 'records a batch', of: (r) => r.records_per_batch, digits: 0 },
  ...['decide', 'seal', 'flush', 'commit', 'answer', 'waiting'].map((stage) => ({
    name: `writer: ${stage}, %`,
    of: (r) => percent(r.writer_time_share[stage]),
    digits: 0,
  })),
];

async function waitForQuiet() {
  for (const end = Date.now() + Number(options.wait) * 1000; Date.now() < end; await sleep(pollMs)) {
    if (os.loadavg()[0] < quietLoad) return;
  }
  console.error(`the machine is not quiet: load ${os.loadavg()[0].toFixed(1)}`);
}

async function bench(extra) {
  const child = spawn(binary, ['bench', '--json', ...extra], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => (text += piece));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`jangbu bench ${extra.join(' ')} ended with ${code}: ${text}`);
  return JSON.parse(text);
}

/** "median (lowest to highest)" */
function summary({ of, digits }, results) {
  const values = results.map(of).filter(Number.isFinite).sort((a, b) => a - b);
  if (values.length === 0) return '';
  const [low, median, high] = [values[0], values[values.length >> 1], values.at(-1)].map((value) => value.toFixed(digits));
  return low === high ? median : `${median} (${low} to ${high})`;
}

const chosen = setups.filter(({ name }) => !options.only || name === options.only);
for (const setup of chosen) {
  setup.results = [];
  for (let run = 0; run < Number(options.runs); run += 1) {
    await waitForQuiet();
    setup.results.push(await bench(setup.arguments));
  }
}
console.log(`| | ${chosen.map(({ name }) => name).join(' | ')} |`);
console.log(`|---|${'---|'.repeat(chosen.length)}`);
for (const figure of figures) {
  const cells = chosen.map(({ results }) => summary(figure, results));
  if (cells.some((cell) => cell !== '')) console.log(`| ${figure.name} | ${cells.join(' | ')} |`);
}
