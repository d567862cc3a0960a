// The commands of the guides, and those for operators, work as they stand there, each document's in a sandbox of its own, and
// print what it shows.
import assert from 'node:assert/strict';
import test from 'node:test';

import { assertCounts, runBlocks, testedBlocks } from '../support/documents.mjs';
import { assertVerifies, Server } from '../support/server.mjs';

/** Document -> what the output of its blocks must be. */
const guides = {
  'guide-purchase': {
    credentials: /^\{"code":0,"data":\{"sequence":"0"\}\}$/,
    record: /^1895600000000000000000\nthe same again$/,
    receipt: /^verified receipt: purchase "913131705292050109" is transaction 0 of block 1, signed by 0x[0-9a-fA-F]{40}; block signed by 0x[0-9a-fA-F]{40}$/,
    cancel: /^provided\ncancelled\n\d+,user:0x89e3b2d91ecaf08016eedb966c1feca1e326714e,POINT,zero,0,0,0$/,
    import: /^\{"taken":2,"refused":0,"passed_over":0\}\n\{"taken":0,"refused":0,"passed_over":2\}$/,
    holder: /"holder":3[^]*\n[0-9a-f]{64}$/,
  },
  'guide-invoice': {
    credentials: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
    invoice: /^http:\/\/127\.0\.0\.1:\d+\/checkout\/\S+$/,
    pay: /^\{"request_id":"tee-1",.*"price":10000,"status":2,.*\}\npaid$/,
    webhook: /^\S+Z  \d+ +PAYMENT_COMPLETED  [0-9a-f]{24}\n {4}\{"webhook_type":"PAYMENT_COMPLETED",.*"request_id":"tee-1".*"price":10000/,
    refund: /"cancelled_price":3000/,
    subscription: /^month,status,amount,currency\n1,done,10000,KRW\n2,done,10000,KRW\n3,done,10000,KRW\n4,ready,10000,KRW$/,
    seller: /^[0-9a-f]{32}$/,
  },
  'guide-hub': {
    credentials: /^"total":0$/,
    order: /^\{"status":"paid","returnUrl":""\}\norder\.paid$/,
    onboard: /^IN_PROGRESS\n1$/,
    review: /^\{"reviewId":"1","state":"1214","rewardPaid":20600\}\n"reviewApproved":1\npartner:1:deposit,KRW,zero,185400,185400,0\nreviewer:mina:points,KRW,zero,20600,0,20600$/,
    app: /^our-site\nour-reviewers$/,
  },
  'guide-affiliate': {
    credentials: /^sandshop$/,
    click: /^https:\/\/sandshop\.example\/gate\?lpinfo=A100000001%7C\d{8}\w+%7C0000%7C\S*&url=https%3A%2F%2Fsandshop\.example%2F&rd=30$/,
    order: /^"commission":1800\nmerchant:sandshop:adcost,KRW,-1800\naffiliate:A100000001:pending,KRW,1800$/,
    cancel: /^"status":100\n"status":310\naffiliate:A100000001:pending,KRW,0\naffiliate_id,status,order_code,u_id,quantity\nA100000001,310,o-1,member-7,1$/,
    settlement: /^"status":"310"\n"status":"100"\n"status":"310"\n"status":"210"\npaid\n[^]*network:bank,KRW,1800/,
    merchant: /^corner\n33$/,
  },
  operating: {
    config: /^jangbu\.toml is good: 3 settings\nlisten +"127\.0\.0\.1:9001" +# environment\npublic-url +"https:\/\/rewards\.shop\.example" +# file\n(?:.*\n)?readers +"2" +# default\nstatus 2$/,
    doctor: /^good +directory +data is its owner's alone \(0700\)\n[^]*^good +server +the server http:\/\/\S+ is ready: \{"status":"ready","role":"writer"\}\n\{"checks":\[\{"check":"server","health":"good",.*"health":"good"\}$/m,
    backup: /^backed up (\d+) records to books\.jangbu; epoch 1, head \1:0x[0-9a-f]{64}\n[^]*^verified backup of \S+Z: \1 records; epoch 1, head \1:0x[0-9a-f]{64}\nrestored \1 records up to [^]*^verified \d+ records and \d+ rows; epoch 2, head \d+:0x[0-9a-f]{64}$/m,
    contains: /^(?:verified (\d+) records and \d+ rows; epoch 1, head \d+:0x[0-9a-f]{64}\n?){2}$/,
    export: /^record,at,kind,what,account,currency,amount,held\n"currency":"[A-Z]+"$/,
    tls: /^\{"status":"ready","role":"writer"\}\ngood +server +the server https:\/\/127\.0\.0\.1:\d+ is ready: .*\ncertificate for localhost$/,
  },
};

for (const [name, expected] of Object.entries(guides)) {
  test(`the commands of ${name}.md work`, { timeout: 60_000 }, async () => {
    const blocks = testedBlocks(`docs/${name}.md`);
    assert.deepEqual([...blocks.keys()], Object.keys(expected));
    const server = await Server.start();
    try {
      const output = runBlocks(blocks, server);
      for (const [block, pattern] of Object.entries(expected)) assert.match(output[block], pattern, block);
      assertCounts(`docs/${name}.md`, output);
      await assertVerifies(server.directory);
    } finally {
      await server.stop();
    }
  });
}
