#!/usr/bin/env node
// What a purchase's processor time goes into, by kind of work, from a profile of the server under load:
//
//   perf record -F 999 -p PID -o perf.data -- sleep 10
//   perf report -i perf.data --no-children --sort dso,sym --stdio -t '|' 2>/dev/null | bench/stages.mjs [US]
//
// US is the server's processor time for one purchase, as `jangbu bench` tells it. A symbol belongs to the first kind that fits.
import readline from 'node:readline';

const kinds = [
  ['sign', /secp256k1/],
  ['hash', /libcrypto|botan|sha256|keccak|chain_hash/i],
  ['database', /sqlite3|jangbu::store|flush/i],
  ['files, fsync', /kernel.*(ext4|jbd2|blk|virtio|iowrite|write_iter|fsync|folio|iomap|xas_|filemap|bio|writeback)/i],
  ['HTTP: sockets', /kernel.*(tcp|sock|ip_|inet|skb|net|epoll|ep_|copy_to_iter|copy_from_iter)/i],
  ['queue: waking and switching threads', /kernel.*(futex|finish_task_switch|sched|wake|hrtimer|spin)/i],
  ['the rest of the kernel', /kernel/],
  ['JSON, read and written', /rapidjson|json::|parse|is_hex|decimal/i],
  ['HTTP: library', /http|restinio|asio/i],
  ['memory, libc', /jemalloc|libc\.so|libstdc/],
  ['decide, apply, render', /./],
];
const processorUs = Number(process.argv[2] ?? 0);
const shares = new Map(kinds.map(([kind]) => [kind, 0]));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [, share, what] = /^\s*([\d.]+)%\s*\|(.*)$/.exec(line) ?? [];
  if (share === undefined) continue;
  const [kind] = kinds.find(([, fits]) => fits.test(what));
  shares.set(kind, shares.get(kind) + Number(share));
}
for (const [kind, share] of [...shares].sort(([, a], [, b]) => b - a)) {
  console.log(`| ${kind} | ${share.toFixed(0)} % |${processorUs ? ` ${(share * processorUs / 100).toFixed(1)} us |` : ''}`);
}
