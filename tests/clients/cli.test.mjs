// The terminal as people and scripts use it: help, completion, settings, exports, imports, the doctor.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { assertVerifies, binary, run, Server, temporaryDirectory } from '../support/server.mjs';

let server;
before(async () => {
  server = await Server.start();
});
after(async () => {
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** Runs a command with variables of the environment. */
function runWith(environment, ...args) {
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8', env: { ...process.env, ...environment } });
  return { code: status, stdout, stderr };
}

/** Every command with its subcommands, as the help lists them: "key create". */
async function commands(...at) {
  const { stdout } = await run(...at, '--help');
  const listed = [...stdout.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, name]) => name);
  return (await Promise.all(listed.map(async (name) => [[...at, name], ...await commands(...at, name)]))).flat();
}

check('help groups the commands and shows what to type', async () => {
  const { code, stdout } = await run('--help');
  assert.equal(code, 0);
  for (const group of ['Run', 'Keep', 'Manage', 'Try']) assert.match(stdout, new RegExp(`^${group}:$`, 'm'));
  assert.match(stdout, /^First steps:\n {2}jangbu serve --sandbox /m);
  const all = (await commands()).map((each) => each.join(' '));
  for (const name of ['serve', 'export entries', 'import purchases', 'key create', 'partner invite', 'campaign reject', 'config show', 'doctor'])
    assert.ok(all.includes(name), `${name} of ${all.join(', ')}`);
  for (const name of all) assert.ok(!name.startsWith('completion ') || name === 'completion');
});

check('the exit status tells a wrong command line from a failure', async () => {
  for (const [args, status] of [
    [['--help'], 0], [['key', '--help'], 0], [['--version'], 0],
    [[], 2], [['bake'], 2], [['key'], 2], [['export', 'entries', '--format', 'xml'], 2], [['config', 'check', '/nowhere.toml'], 2],
    [['key', 'list', '--data', '/nowhere'], 1], [['verify', '/nowhere'], 1], [['export', 'entries', '--data', '/nowhere'], 1],
  ]) assert.equal((await run(...args)).code, status, args.join(' '));
});

check('what nobody knows is named, with what may have been meant', async () => {
  for (const [args, said] of [
    [['srve', '--sandbox'], 'there is no command srve; did you mean serve?'],
    [['bake'], 'there is no command bake'],
    [['srve', '--help'], 'there is no command srve; did you mean serve?'],
    [['partner', 'lst'], 'there is no command partner lst; did you mean partner list?'],
    [['export', 'entreis', '--format', 'csv'], 'there is no command export entreis; did you mean export entries?'],
    [['serve', '--sandbx'], 'serve has no option --sandbx; did you mean --sandbox?'],
    [['serve', '-sandbox'], 'serve has no option -sandbox; did you mean --sandbox?'],
    [['campaign', 'reject', '7', '--resaon', 'no'], 'campaign reject has no option --resaon; did you mean --reason?'],
    [['--data', 'x', 'key', 'list'], '--data stands behind its command: jangbu key list --data'],
    [['doctor', '--only=server', '--jsn'], 'doctor has no option --jsn; did you mean --json?'],
    [['backup', 'a', 'b', 'c'], 'backup takes no further argument: c'],
    [['\x1b[2K'], 'there is no command \\u001b[2K'],
  ]) {
    const { code, stdout, stderr } = await run(...args);
    assert.deepEqual([code, stdout, stderr.split('\n')[0]], [2, '', `jangbu: ${said}`], args.join(' '));
    const [, hint] = /^`jangbu (.*)--help` says what there is\.$/m.exec(stderr);
    assert.equal((await run(...hint.split(' ').filter(Boolean), '--help')).code, 0, hint);
  }
});

check('every command shows what to type, and that can be typed', async () => {
  const names = (await commands()).filter((each) => each.length === 1).map(([name]) => name);
  assert.ok(names.includes('operator') && names.includes('bench'), names.join());
  for (const name of names) {
    const { stdout } = await run(name, '--help');
    const [, examples] = /^Examples:\n((?: {2}.*\n?)+)/m.exec(stdout) ?? assert.fail(`${name} has no examples`);
    for (const line of examples.trimEnd().split('\n')) {
      const [, inside, whole] = /<\((jangbu [^)]*)\)|(jangbu .*?)(?= {2}| \| | > |$)/.exec(line) ?? assert.fail(line);
      const typed = inside ?? whole;
      const asked = spawnSync('bash', ['-c', `jangbu() { '${binary}' "$@"; }; ${typed} --help`], { encoding: 'utf8' });
      assert.deepEqual([asked.status, asked.stderr], [0, ''], line);
      assert.match(asked.stdout, /Usage: jangbu /, line);
    }
  }
});

/** What a shell offers for the words. */
const complete = {
  bash: (script, words) => execFileSync('bash', ['-c', `
    source ${script}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
    _jangbu; printf '%s\\n' "\${COMPREPLY[@]}"`], { encoding: 'utf8' }).split('\n').filter(Boolean),
  fish: (script, words) => execFileSync('fish', ['--no-config', '-c', `source ${script}; complete -C '${words.join(' ')}'`], { encoding: 'utf8' })
    .split('\n').filter(Boolean).map((line) => line.split('\t')[0]),
  // As the completion system calls it, which matches what _describe is given with what was typed.
  zsh: (script, words) => execFileSync('zsh', ['-f', '-c', `
    compdef() { }; _files() { }; _describe() { print -rl -- "\${(@)\${(@P)2}%%:*}" }
    source ${script}
    words=(${words.map((word) => `'${word}'`).join(' ')}) CURRENT=${words.length} PREFIX='${words.at(-1)}'
    _jangbu`], { encoding: 'utf8' }).split('\n').filter((word) => word && word.startsWith(words.at(-1))),
};

for (const shell of ['bash', 'fish', 'zsh']) {
  check(`completion of ${shell} knows the commands`, async () => {
    const script = path.join(temporaryDirectory(), 'completion');
    const { code, stdout } = await run('completion', shell);
    assert.equal(code, 0);
    fs.writeFileSync(script, stdout);
    for (const command of await commands()) assert.ok(stdout.includes(command.at(-1)), `${command.join(' ')} is not in it`);
    if (spawnSync(shell, ['-c', 'exit 0']).error) return; // what it says was looked at; this shell is not here to read it
    execFileSync(shell, ['-n', script]);
    assert.deepEqual(complete[shell](script, ['jangbu', 'ex']), ['export']);
    assert.deepEqual(complete[shell](script, ['jangbu', 'key', 'cr']), ['create']);
    assert.deepEqual(complete[shell](script, ['jangbu', 'key', 'create', '--la']), ['--label']);
    assert.ok(complete[shell](script, ['jangbu', 'export', '']).includes('entries'));
  });
}

check('settings: the command line before the environment before the file', async () => {
  const file = path.join(temporaryDirectory(), 'jangbu.toml');
  const shown = (environment) => JSON.parse(runWith(environment, 'config', 'show', '--json', file).stdout);
  fs.writeFileSync(file, 'listen = "127.0.0.1:1"\nreaders = 3\nsandbox = true\ntrusted-proxy = ["10.0.0.0/8", "127.0.0.1"]\n'
    + 'database = "postgresql://shop:secret@db/jangbu"\n');
  const view = shown({ JANGBU_LISTEN: '127.0.0.1:2', JANGBU_SMTP_PASSWORD: 'geheim' });
  assert.deepEqual(view.listen, { value: '127.0.0.1:2', from: 'environment' });
  assert.deepEqual(view.readers, { value: '3', from: 'file' });
  assert.deepEqual(view.lanes, { value: '1', from: 'default' });
  assert.deepEqual(view.sandbox, { value: 'true', from: 'file' });
  assert.equal(view['trusted-proxy'].value, '10.0.0.0/8,127.0.0.1');
  assert.equal(view.database.value, 'postgresql://shop:***@db/jangbu');
  assert.equal(view.JANGBU_SMTP_PASSWORD.value, '***');
  assert.doesNotMatch(JSON.stringify(view), /geheim|secret@/);
});

check('settings that cannot be are refused with their line', async () => {
  const file = path.join(temporaryDirectory(), 'jangbu.toml');
  for (const [text, said] of [
    ['listen = "127.0.0.1:1"\n\nlisten-on = "b"\n', /:3: there is no setting "listen-on"; did you mean listen\?$/m],
    ['frequency = 3\n', /:1: there is no setting "frequency"$/m],
    ['# a\nreaders = 0\n', /:2: .*(Value|range)/i],
    ['readers = 1.5\n', /:1: a text, a whole number, true or false is expected/],
    ['sandbox = "yes"\n', /:1: sandbox is true or false/],
    ['data = true\n', /:1: data is not true or false/],
    ['data = ["a", "b"]\n', /:1: data is one value/],
    ['config = "other.toml"\n', /:1: there is no setting "config"/],
    ['[serve]\ndata = "x"\n', /:1: /],
    ['data = \n', /:1: /],
    ['listen = "8080"\n', /:1: --listen: ADDRESS:PORT is expected, and this is 8080$/m],
    ['listen = "127.0.0.1:"\n', /:1: --listen: ADDRESS:PORT/],
    ['listen = "127.0.0.1:65536"\n', /:1: --listen: ADDRESS:PORT/],
    ['listen = "127.0.0.1:+1"\n', /:1: --listen: ADDRESS:PORT/],
    ['listen = "localhost:8080"\n', /:1: --listen: not a numeric IPv4 or IPv6 address: localhost$/m],
    ['listen = "256.0.0.1:1"\n', /:1: --listen: not a numeric IPv4 or IPv6 address: 256\.0\.0\.1$/m],
    ['trusted-proxy = ["10.0.0.0/8", "proxy"]\n', /:1: --trusted-proxy: .*"proxy" has no numeric address$/m],
    ['trusted-proxy = "10.0.0.0/33"\n', /:1: --trusted-proxy: .*has no prefix length from 0 to 32$/m],
    ['trusted-proxy = "10.0.0.1/8"\n', /:1: --trusted-proxy: /],
    ['public-url = "rewards.shop.example"\n', /:1: --public-url: a URL such as https:/],
    ['public-url = "ftp://rewards.shop.example"\n', /:1: --public-url: a URL such as https:/],
    ['public-url = "https:///a"\n', /:1: --public-url: a URL such as https:/],
    ['public-url = "https://rewards.shop.example//"\n', /:1: --public-url: a URL such as https:.* without a slash at its end/],
    ['public-url = "https://:443"\n', /:1: --public-url: a URL such as https:/],
    ['public-url = "https://rewards.shop.example:99999"\n', /:1: --public-url: a URL such as https:/],
    ['public-url = "https://rewards.shop.example/a//b"\n', /:1: --public-url: a URL such as https:/],
    ['public-url = "https://rewards.shop.example\\nX: 1"\n', /:1: --public-url: a URL such as https:/],
    ['database = "mysql://127.0.0.1/jangbu"\n', /:1: --database: a URL that begins with postgresql:/],
    ['public-url = "https://rewards.shop.example?a"\n', /:1: --public-url: a URL such as https:/],
    ['advertise = "node-2:8080"\n', /:1: --advertise: a URL such as https:/],
  ]) {
    fs.writeFileSync(file, text);
    for (const args of [['config', 'check', file], ['serve', '--config', file]]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 2, `${args[0]}: ${text}`);
      assert.match(stderr, said);
    }
  }
});

check('a base URL may end in a slash, and its scheme be written large', async () => {
  const file = path.join(temporaryDirectory(), 'jangbu.toml');
  for (const url of ['https://rewards.shop.example', 'HTTPS://rewards.shop.example/', 'http://[::1]:8080', 'https://shop.example/rewards/']) {
    fs.writeFileSync(file, `public-url = "${url}"\n`);
    const { code, stderr } = await run('config', 'check', file);
    assert.equal(code, 0, `${url}: ${stderr}`);
  }
});

check('a server starts from a file, and the command line wins', async () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'jangbu.toml');
  fs.writeFileSync(file, 'listen = "256.0.0.1:1"\npublic-url = "https://rewards.shop.example"\n');
  const other = await Server.start({ args: ['--config', file] });
  try {
    const made = await other.request('POST', '/v1/invoices', {
      headers: { Authorization: `Basic ${Buffer.from(`${other.sandbox.invoice.client_key}:${other.sandbox.invoice.secret_key}`).toString('base64')}` },
      body: { name: 'T-shirt', price: 1000 },
    });
    assert.match(made.json().payment_url, /^https:\/\/rewards\.shop\.example\/checkout\//);
  } finally {
    await other.stop();
  }
});

check('the log is lines for people, or JSON for machines', async () => {
  const other = await Server.start({ args: ['--log-format', 'json'], environment: { JANGBU_LOG_LEVEL: 'info' } });
  await other.stop();
  const lines = other.log.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const { at, level, message } = lines.find(({ message: text }) => text === 'stopping');
  assert.match(at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual([level, message], ['info', 'stopping']);
});

/** Rows of CSV without quotes, by their header. */
function rowsOf(csv) {
  const [header, ...lines] = csv.trimEnd().split('\n').map((line) => line.split(','));
  return lines.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i]])));
}

check('a sandbox that listens on all addresses hears its own webhooks', async () => {
  const open = await Server.start({ address: '0.0.0.0' });
  const made = await run('trigger', 'order.paid', '--data', open.directory);
  await open.stop();
  assert.equal(made.code, 0, made.stderr);
});

check('an import is taken once, goes on where it stopped, and says what was refused', async () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'old.jsonl');
  const { access_key: key, shop_id: shopId } = server.sandbox.purchase;
  const body = (number, changes = {}) => JSON.stringify({
    purchaseId: `import-${number}`, timestamp: '1705292000', totalAmount: 1000.25, cashAmount: '1000.25', currency: 'krw', shopId,
    userAccount: '', userPhone: '+82 10-1000-2000', details: [{ productId: 'a', amount: '1000.25', providePercent: 10 }], ...changes,
  });
  const count = 600; // more than one window
  const lines = Array.from({ length: count }, (_, i) => (i === 300 ? body(i, { currency: 'xyz' }) : body(i)));
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
  const imported = () => runWith({ JANGBU_ACCESS_KEY: key }, 'import', 'purchases', file, '--data', server.directory);

  const first = imported();
  assert.equal(first.code, 1, first.stderr);
  assert.deepEqual(JSON.parse(first.stdout), { taken: count - 1, refused: 1, passed_over: 0 });
  const [refused] = fs.readFileSync(`${file}.refused`, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(refused.line, 301);
  assert.match(refused.answer, /"code":2001/);
  assert.equal(fs.statSync(`${file}.refused`).mode & 0o777, 0o600);

  const again = imported();
  assert.deepEqual(JSON.parse(again.stdout), { taken: 0, refused: 0, passed_over: count });
  // Without the note of how far it came everything is sent again, and nothing is recorded twice.
  const before = rowsOf((await run('export', 'purchases', '--format', 'csv', '--data', server.directory)).stdout);
  fs.rmSync(`${file}.imported`);
  fs.chmodSync(`${file}.refused`, 0o644);
  assert.equal(JSON.parse(imported().stdout).taken, count - 1);
  assert.equal(fs.statSync(`${file}.refused`).mode & 0o777, 0o600);
  const rows = rowsOf((await run('export', 'purchases', '--format', 'csv', '--data', server.directory)).stdout);
  assert.equal(rows.length, before.length);
  const ours = rows.filter(({ purchase_id: id }) => id.startsWith('import-'));
  assert.equal(ours.length, count - 1);
  assert.equal(ours[0].total_amount, '1000.25');

  // A link leads who knows where.
  const elsewhere = path.join(directory, 'elsewhere');
  fs.writeFileSync(elsewhere, '', { mode: 0o644 });
  fs.rmSync(`${file}.refused`);
  fs.symlinkSync(elsewhere, `${file}.refused`);
  fs.rmSync(`${file}.imported`);
  assert.match(imported().stderr, /cannot write .*old\.jsonl\.refused: it is a link/);
  assert.deepEqual([fs.statSync(elsewhere).size, fs.statSync(elsewhere).mode & 0o777], [0, 0o644]);

  const wrong = runWith({ JANGBU_ACCESS_KEY: '' }, 'import', 'purchases', file, '--data', server.directory);
  assert.equal(wrong.code, 2);
  fs.writeFileSync(file, `${body(1)}\nnot json\n`);
  const broken = runWith({ JANGBU_ACCESS_KEY: key }, 'import', 'purchases', file, '--restart', '--data', server.directory);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /line 2: /);
});

check('affiliates are registered once, and their keys kept', async () => {
  const file = path.join(temporaryDirectory(), 'sites.jsonl');
  const imported = () => run('import', 'affiliates', file, '--data', server.directory);
  const keys = () => fs.readFileSync(`${file}.keys`, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  fs.writeFileSync(file, '{"name":"Kim","site_name":"Kim\'s blog"}\n\n{"name":"Lee"}\n{"name":""}\n');
  fs.writeFileSync(`${file}.keys`, '', { mode: 0o644 });
  const stopped = await imported();
  assert.equal(stopped.code, 1);
  assert.match(stopped.stderr, /line 4: \{"error":\{"code":"invalid_parameters"/);
  assert.deepEqual(keys().map(({ line, affiliate }) => [line, affiliate.name]), [[1, 'Kim'], [3, 'Lee']]);
  fs.writeFileSync(file, '{"name":"Kim","site_name":"Kim\'s blog"}\n\n{"name":"Lee"}\n{"name":"Park"}\n');
  assert.equal(JSON.parse((await imported()).stdout).registered, 1);
  assert.equal(JSON.parse((await imported()).stdout).registered, 0);
  for (const { affiliate } of keys()) assert.match(`${affiliate.affiliate_id} ${affiliate.auth_key}`, /^A\d{9} [0-9a-f]{32}$/);
  assert.equal(new Set(keys().map(({ affiliate }) => affiliate.affiliate_id)).size, 3);
  assert.equal(fs.statSync(`${file}.keys`).mode & 0o777, 0o600);
  const whole = fs.readFileSync(`${file}.keys`, 'utf8');
  for (const end of ['{"line":', '{"line":4}', '\n', '4\n', '{"line":"four"}\n', '{"line":{}}\n', '{"line":-1}\n', '{"line":1.5}\n', '{"line":18446744073709551616}\n']) {
    fs.writeFileSync(`${file}.keys`, whole + end);
    const damaged = await imported();
    assert.equal(damaged.code, 1, end);
    assert.match(damaged.stderr, /^jangbu: the import stopped: .*sites\.jsonl\.keys is damaged at its end/, end);
  }
});

check('exports say what is in the book, while the server runs, in both formats', async () => {
  for (const event of ['order.paid', 'PAYMENT_COMPLETED']) {
    const made = await run('trigger', event, '--data', server.directory);
    assert.equal(made.code, 0, made.stderr);
  }
  for (const list of ['entries', 'accounts', 'purchases', 'orders', 'campaigns', 'invoices', 'bills', 'conversions', 'deliveries']) {
    const [lines, csv] = await Promise.all(['jsonl', 'csv'].map((format) => run('export', list, '--format', format, '--data', server.directory)));
    assert.equal(lines.code, 0, lines.stderr);
    const objects = lines.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    const [header] = csv.stdout.split('\n');
    for (const object of objects) assert.equal(Object.keys(object).join(), header);
    if (!['campaigns', 'bills', 'conversions'].includes(list)) assert.ok(objects.length > 0, list);
    assert.match(lines.stderr, new RegExp(`^exported ${objects.length} row${objects.length === 1 ? '' : 's'} of ${list}$`, 'm'));
  }
});

/** An exact decimal as units of 10^-18. */
const units = (text) => {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  return BigInt(`${sign}${whole}${fraction.padEnd(18, '0')}`);
};

check('exported entries sum to exported balances, and to zero', async () => {
  const list = async (name) => (await run('export', name, '--data', server.directory)).stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const [entries, accounts] = [await list('entries'), await list('accounts')];
  const posted = new Map();
  const held = new Map();
  const add = (map, key, amount) => map.set(key, (map.get(key) ?? 0n) + units(amount));
  for (const { account, currency, amount, held: hold } of entries) {
    if (amount !== null) add(posted, `${account} ${currency}`, amount);
    if (hold !== null) add(held, `${account} ${currency}`, hold);
  }
  const total = new Map();
  for (const { name, currency, posted: balance, held: hold } of accounts) {
    assert.equal(units(balance), posted.get(`${name} ${currency}`) ?? 0n, name);
    assert.equal(units(hold), held.get(`${name} ${currency}`) ?? 0n, name);
    add(total, currency, balance);
  }
  assert.ok(total.size >= 2, 'points and won');
  for (const [currency, sum] of total) assert.equal(sum, 0n, currency);
});

check('an export to a file is there whole, and takes the place of none', async () => {
  const file = path.join(temporaryDirectory(), 'accounts.csv');
  const written = await run('export', 'accounts', '--format', 'csv', '-o', file, '--data', server.directory);
  assert.equal(written.code, 0, written.stderr);
  assert.match(fs.readFileSync(file, 'utf8'), /^ref,name,currency,floor,posted,held,available\n1,/);
  assert.equal(written.stdout, '');
  const failed = await run('export', 'accounts', '-o', path.join(file, 'below'), '--data', server.directory);
  assert.equal(failed.code, 1);
});

check('the doctor finds what is wrong', async () => {
  const all = JSON.parse((await run('doctor', '--json', '--data', server.directory)).stdout);
  const of = (report, name) => report.checks.filter(({ check: each }) => each === name);
  assert.deepEqual(of(all, 'server').map(({ health }) => health), ['good']);
  assert.deepEqual(of(all, 'directory').map(({ health }) => health).filter((health) => health !== 'good'), []);
  assert.match(of(all, 'book').map(({ what }) => what).join(), /SQLite 3\..*epoch 1, \d+ records/);
  for (const name of ['jangbu.db', 'jangbu.db-wal', 'jangbu.db-shm']) assert.equal(fs.statSync(path.join(server.directory, name)).mode & 0o777, 0o600, name);

  const open = temporaryDirectory();
  fs.chmodSync(open, 0o755);
  fs.writeFileSync(path.join(open, 'jangbu.db'), '');
  fs.chmodSync(path.join(open, 'jangbu.db'), 0o644);
  const bad = await run('doctor', '--only', 'directory', '--json', '--data', open);
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /can be read by others \(0755\)/);
  assert.match(bad.stdout, /jangbu\.db can be read by others \(0644\)/);
  fs.rmSync(path.join(open, 'jangbu.db'));
  // That nobody serves is bad for whoever asks for just that, as a container's health check does.
  assert.equal((await run('doctor', '--only', 'server', '--data', open)).code, 1);

  const file = path.join(open, 'jangbu.toml');
  fs.writeFileSync(file, `listen = "0.0.0.0:8080"\nsmtp = "smtp://127.0.0.1:1"\npublic-url = "${server.baseUrl}"\n`);
  const report = await run('doctor', '--only', 'addresses,mail,clock', '--json', '--config', file);
  assert.equal(report.code, 1);
  const said = JSON.parse(report.stdout);
  assert.deepEqual(of(said, 'addresses').map(({ health }) => health), ['bad', 'good'], report.stdout);
  assert.deepEqual(of(said, 'mail').map(({ health }) => health), ['bad']);
  assert.equal(of(said, 'clock').length, 1);
});

check('machines hear what was backed up, verified and restored', async () => {
  const directory = temporaryDirectory();
  const [file, place] = [path.join(directory, 'books.jangbu'), path.join(directory, 'restored')];
  const said = {};
  for (const [name, ...args] of [['backup', server.directory, file], ['verify', file], ['restore', file, place], ['verify', place]]) {
    const { code, stdout, stderr } = await run(name, ...args, '--json');
    assert.equal(code, 0, stderr);
    said[args.at(-1)] = JSON.parse(stdout);
  }
  const { records, epoch, head, checkpoint } = said[file];
  assert.equal(epoch, 1);
  assert.equal(checkpoint, `${records}:${head}`);
  assert.match(head, /^0x[0-9a-f]{64}$/);
  assert.deepEqual([said[place].records, said[place].epoch], [records + 1, 2]);
  assert.equal(said[place].checkpoint, `${records + 1}:${said[place].head}`);
});

const postgres = process.env.JANGBU_TEST_POSTGRES;

test('exports and the doctor read PostgreSQL, too', { timeout: 120_000, skip: postgres ? false : 'JANGBU_TEST_POSTGRES names no database' }, async () => {
  const name = `jangbu_cli_${process.pid}`;
  const psql = (statement) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', postgres, '-c', statement], { stdio: 'pipe' });
  psql(`CREATE DATABASE ${name}`);
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  let other;
  try {
    other = await Server.start({ database: url.href });
    for (const event of ['order.paid', 'PAYMENT_COMPLETED']) assert.equal((await run('trigger', event, '--data', other.directory)).code, 0);
    for (const [list, atLeast] of [['entries', 2], ['accounts', 3], ['purchases', 0], ['orders', 1], ['campaigns', 0], ['invoices', 1], ['bills', 0], ['conversions', 0], ['deliveries', 1]]) {
      const { code, stdout, stderr } = await run('export', list, '--data', url.href);
      assert.equal(code, 0, `${list}: ${stderr}`);
      assert.ok(stdout.split('\n').filter(Boolean).length >= atLeast, `${list}: ${stdout}`);
    }
    const { stdout } = runWith({ JANGBU_DATABASE: url.href }, 'doctor', '--only', 'book', '--json', '--data', other.directory);
    assert.match(stdout, /PostgreSQL 1\d[^]*fsync is o[nf]/);
    await other.stop();
  } finally {
    await other?.stop();
    psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
});

check('operators look after partners and campaigns', async () => {
  const { code, stderr } = await run('partner', 'show', '4711', '--data', server.directory);
  assert.equal(code, 1);
  assert.match(stderr, /"partner_not_found"/);
  for (const args of [['partner', 'invite', '4711'], ['partner', 'admit', '4711'], ['campaign', 'approve', '4711'], ['campaign', 'reject', '4711', '--reason', 'no']]) {
    const answer = await run(...args, '--data', server.directory);
    assert.equal(answer.code, 1, args.join(' '));
    assert.match(answer.stderr, /"error"/);
  }
});
