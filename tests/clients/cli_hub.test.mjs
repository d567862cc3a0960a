// What an operator does in the hub from a terminal alone: finds what waits, looks at it and decides.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { App, guideClock, issueApp, setApp } from '../support/hub.mjs';
import { assertVerifies, run, Server } from '../support/server.mjs';

let server;
let site;
let other;
before(async () => {
  server = await Server.start({ clock: guideClock });
  await setApp(server, server.sandbox.hub.service_code, { review_required: true });
  site = App.sales(server);
  other = new App(server, await issueApp(server, 'sales'));
});
after(async () => {
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** What a command answers. */
async function asked(...args) {
  const { code, stdout, stderr } = await run(...args, '--data', server.directory);
  assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout);
}

/** All pages of a list, two things at a time. */
async function paged(member, ...args) {
  const all = [];
  for (let cursor = []; ;) {
    const page = await asked(...args, '--limit', '2', ...cursor);
    assert.ok(page[member].length <= 2);
    all.push(...page[member]);
    if (page.next === null) return all;
    cursor = ['--cursor', page.next];
  }
}

check('campaigns are found by their status, shown and judged', async () => {
  const waiting = [];
  for (let i = 0; i < 3; ++i) waiting.unshift((await site.onboarded()).campaign.campaignId);
  const { campaign: running, partner } = await other.onboarded();
  const ids = (list) => list.map(({ campaignId }) => campaignId);
  assert.deepEqual(ids((await asked('campaign', 'list')).campaigns), [running.campaignId, ...waiting]);
  assert.deepEqual(ids(await paged('campaigns', 'campaign', 'list')), [running.campaignId, ...waiting]);
  assert.deepEqual(ids(await paged('campaigns', 'campaign', 'list', '--status', 'UNDER_REVIEW')), waiting);
  assert.deepEqual(ids((await asked('campaign', 'list', '--partner', partner.partnerId)).campaigns), [running.campaignId]);
  assert.deepEqual(ids((await asked('campaign', 'list', '--app', server.sandbox.hub.service_code)).campaigns), waiting);

  const [id] = waiting;
  const shown = await asked('campaign', 'show', id);
  assert.deepEqual([shown.campaignId, shown.status, shown.reward, shown.offers, shown.applications], [id, 'UNDER_REVIEW', 20600, 10, []]);
  assert.equal((await asked('campaign', 'approve', id)).status, 'READY');
  assert.deepEqual(ids((await asked('campaign', 'list', '--status', 'UNDER_REVIEW')).campaigns), waiting.slice(1));
  assert.equal((await asked('campaign', 'show', id)).status, 'READY');
});

check('partners are found by what is known of them', async () => {
  const { partner: { partnerId } } = await site.onboarded({ partner: { companyName: 'Finder & Söhne, 서울', businessNumber: '321-21-54321' } });
  const ids = async (...args) => (await asked('partner', 'list', ...args)).partners.map((each) => each.partnerId);
  for (const text of ['finder & s', '321-21', 'Söhne, 서울', 'FINDER']) assert.deepEqual(await ids('--search', text), [partnerId], text);
  assert.deepEqual(await ids('--search', 'nobody'), []);
  const all = await ids();
  assert.equal(all[0], partnerId);
  assert.deepEqual((await paged('partners', 'partner', 'list')).map((each) => each.partnerId), all);
  assert.ok(!(await ids('--app', server.sandbox.hub.service_code)).includes((await ids('--app', other.credentials.service_code))[0]));
  assert.equal((await asked('partner', 'show', partnerId)).companyName, 'Finder & Söhne, 서울');
});

check('who asks for access is listed, admitted and declined', async () => {
  assert.deepEqual(await asked('partner', 'requests'), { accessRequests: [], next: null });
  const of = async (contactEmail, businessNumber) => (await site.onboarded({ partner: { businessNumber, contactEmail } })).partner.partnerId;
  const first = await of('first@abc.com', '777-77-77777');
  for (const email of ['kim@abc.com', 'lee@abc.com', 'park@abc.com']) await of(email, '777-77-77777');
  const second = await of('first@def.com', '888-88-88888');
  await of('choi@def.com', '888-88-88888');
  const emails = (list) => list.map(({ email }) => email);
  const requests = await paged('accessRequests', 'partner', 'requests');
  assert.deepEqual(emails(requests), ['choi@def.com', 'park@abc.com', 'lee@abc.com', 'kim@abc.com']);
  assert.deepEqual(emails((await asked('partner', 'requests', '--partner', second)).accessRequests), ['choi@def.com']);
  assert.deepEqual(emails((await asked('partner', 'requests', '--search', 'LEE@')).accessRequests), ['lee@abc.com']);
  const [, park, lee] = requests;
  assert.deepEqual([park.partnerId, park.app], [first, server.sandbox.hub.service_code]);
  assert.equal((await asked('partner', 'admit', park.managerId)).managerId, park.managerId);
  assert.equal((await asked('partner', 'decline', lee.managerId)).managerId, lee.managerId);
  assert.deepEqual(emails((await asked('partner', 'requests')).accessRequests), ['choi@def.com', 'kim@abc.com']);
});

check('a list that cannot be is refused before it is asked for', async () => {
  for (const [args, said] of [
    [['partner', 'list', '--limit', '101'], /limit/], [['campaign', 'list', '--limit', '0'], /limit/],
    [['campaign', 'list', '--status', 'PAID'], /UNDER_REVIEW/], [['campaign', 'show'], /campaign is required/],
  ]) {
    const { code, stderr } = await run(...args, '--data', server.directory);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, said);
  }
  for (const [args, said] of [
    [['partner', 'list', '--cursor', 'x'], /cursor must be that of another page/], [['campaign', 'show', '4711'], /"campaign_not_found"/],
  ]) {
    const { code, stderr } = await run(...args, '--data', server.directory);
    assert.equal(code, 1, args.join(' '));
    assert.match(stderr, said);
  }
});
