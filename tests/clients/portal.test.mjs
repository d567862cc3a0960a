// The partner portal's API: from an invitation to the deposit's history, and what keeps others out.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { advance, App, fresh, guideClock, koreanTime, onboardBody, operate } from '../support/hub.mjs';
import { Manager, password, tokenOf } from '../support/portal.mjs';
import { eventually, Server } from '../support/server.mjs';

let server;
let site;
let reviewers;
before(async () => {
  server = await Server.start({ clock: guideClock });
  site = App.sales(server);
  reviewers = App.reviewer(server);
});
after(async () => {
  await server?.stop();
  if (server) assert.equal((await server.verify()).code, 0);
});
const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** Onboards a brand; gives its address, ids and the invitation's token. */
async function brand(changes = {}) {
  const body = onboardBody(await site.paidOrder(), changes);
  const answer = await site.onboard(body);
  assert.equal(answer.status, 200, answer.text);
  const { partner, campaign, onboarding } = answer.json();
  return { email: body.partner.contactEmail, partner: partner.partnerId, campaign: campaign.campaignId, token: tokenOf(onboarding.loginUrl) };
}

check('an invitation is shown, accepted once, and opens a session', async () => {
  const { email, partner, token } = await brand();
  const manager = new Manager(server);
  const shown = await manager.get(`/invites/${token}`);
  assert.match(shown.expiresAt, koreanTime);
  assert.deepEqual(shown, { companyName: '주식회사 ABC', email, status: 'open', expiresAt: shown.expiresAt });

  const accepted = await manager.accept(token);
  assert.equal(accepted.status, 200, accepted.text);
  assert.deepEqual(accepted.json(), { redirect: '/partner' });
  assert.equal(accepted.headers['cache-control'], 'no-store');
  const [cookie] = accepted.headers['set-cookie'];
  assert.match(cookie, /^jangbu_portal=[0-9a-f]+; Path=\/partner; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  assert.deepEqual(await manager.get('/me'), { companyName: '주식회사 ABC', email, partnerId: partner, contact: true });

  assert.equal((await manager.get(`/invites/${token}`)).status, 'used');
  assert.equal((await manager.accept(token)).status, 410);
});

check('passwords that will not do are refused, and leave the invitation open', async () => {
  const { email, token } = await brand();
  const manager = new Manager(server);
  for (const [chosen, why] of [
    ['', /at least 10/], ['chestnut-', /at least 10/], ['x'.repeat(129), /at most 128/], ['abcdabcdabcd', /5 different/],
    [`my-${email}-1`, /must not contain/], ['x-주식회사 abc-1', /must not contain/], [null, /at least 10/],
  ]) {
    const answer = await manager.accept(token, chosen);
    assert.equal(answer.status, 422, answer.text);
    assert.match(answer.json().fields.password, why);
  }
  assert.equal(manager.cookie, null);
  assert.equal((await manager.get(`/invites/${token}`)).status, 'open');
});

check('what is no invitation is not found, and one that has expired is gone', async () => {
  const { token } = await brand();
  const manager = new Manager(server);
  const other = `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`;
  for (const none of ['x', 'a'.repeat(32), other]) {
    assert.equal((await manager.send('GET', `/invites/${none}`)).status, 404, none);
    assert.equal((await manager.accept(none)).status, 404, none);
  }
  await advance(server, '24h');
  assert.equal((await manager.get(`/invites/${token}`)).status, 'expired');
  assert.equal((await manager.accept(token)).status, 410);
});

check('a new invitation ends the one before', async () => {
  const { partner, token } = await brand();
  const again = await operate(server, 'POST', `/api/admin/partners/${partner}/invite`);
  assert.equal(again.status, 200, again.text);
  const manager = new Manager(server);
  assert.equal((await manager.get(`/invites/${token}`)).status, 'expired');
  assert.equal((await manager.accept(tokenOf(again.json().link))).status, 200);
  assert.equal((await operate(server, 'POST', `/api/admin/partners/${partner}/invite`)).status, 409, 'there is a password');
});

check('two who accept at the same moment: one does', async () => {
  const { token } = await brand();
  const answers = await Promise.all([1, 2].map((n) => new Manager(server).accept(token, `${password}-${n}`)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 410]);
});

check('signing in and out', async () => {
  const { email, token } = await brand();
  await new Manager(server).accept(token);
  const manager = new Manager(server);
  for (const [address, given] of [[email, 'another-42-Harbor'], [fresh('nobody@abc.com'), password], [email, 'x']]) {
    const answer = await manager.signIn(address, given);
    assert.equal(answer.status, 401, answer.text);
    assert.equal(manager.cookie, null);
  }
  assert.equal((await manager.signIn(` ${email.toUpperCase()} `)).status, 200);
  await manager.get('/me');
  assert.equal((await manager.send('DELETE', '/session')).status, 200);
  assert.equal(manager.cookie, 'jangbu_portal=');
  assert.equal((await manager.send('GET', '/me')).status, 401);
  assert.equal((await manager.send('DELETE', '/session')).status, 200, 'who has no session has signed out');
});

check('whoever signs out ends the session in every copy, and no other', async () => {
  const { email, token } = await brand();
  const manager = new Manager(server);
  await manager.accept(token);
  const other = new Manager(server);
  await other.signIn(email);
  const copy = new Manager(server);
  copy.cookie = manager.cookie;
  await copy.get('/deposit');
  assert.equal((await manager.send('DELETE', '/session', { csrf: false })).status, 403);
  await copy.get('/deposit');
  assert.equal((await manager.send('DELETE', '/session')).status, 200);
  const refused = async () => {
    assert.equal((await copy.send('GET', '/deposit')).status, 401);
    const change = { current: password, password: 'walnut-43-Harbour' };
    assert.equal((await copy.send('PUT', '/password', { body: change })).status, 401);
    assert.equal((await copy.send('POST', '/access-requests/1/confirm')).status, 401);
  };
  await refused();
  await other.get('/deposit');
  await server.restart();
  await refused();
  await other.get('/deposit');
});

check('whoever was invited but has no password cannot sign in', async () => {
  const { email } = await brand();
  assert.equal((await new Manager(server).signIn(email)).status, 401);
});

/** Signed up with a password; `password` unless it is said. */
async function signedUp() {
  const owner = await brand();
  const manager = new Manager(server);
  assert.equal((await manager.accept(owner.token)).status, 200);
  return { ...owner, manager };
}

const forget = (email, at = server, options) => new Manager(at).send('POST', '/password/forgotten', { body: { email }, ...options });

/** The last link to another password that went to an address; `count`: how many mails went there by then. */
async function linkTo(email, count) {
  const [mail] = await eventually('the link', async () => {
    const found = (await mails(email)).filter(({ subject }) => subject.includes('비밀번호 재설정'));
    return found.length === count ? found : undefined;
  });
  const letter = (await server.request('GET', `/sandbox/mail/${mail.id}`)).text;
  return /reset-password\/([0-9a-z]+)/.exec(letter)[1];
}

check('a password is changed by who knows it; every other session ends', async () => {
  const { email, manager } = await signedUp();
  const other = new Manager(server);
  await other.signIn(email);
  const chosen = 'walnut-43-Harbour';
  const change = (body, options) => manager.send('PUT', '/password', { body, ...options });
  assert.equal((await change({ current: password, password: chosen }, { csrf: false })).status, 403);
  assert.equal((await new Manager(server).send('PUT', '/password', { body: { current: password, password: chosen } })).status, 401);
  assert.equal((await change({ current: password })).status, 400);
  const wrong = await change({ current: 'another-42-Harbor', password: chosen });
  assert.deepEqual([wrong.status, wrong.json()], [422, { fields: { current: 'is not your password' } }]);
  const weak = await change({ current: password, password: `my-${email}-1` });
  assert.equal(weak.status, 422);
  assert.match(weak.json().fields.password, /must not contain/);
  const done = await change({ current: password, password: chosen });
  assert.deepEqual([done.status, done.json()], [200, {}]);
  assert.equal(done.headers['cache-control'], 'no-store');
  assert.equal((await manager.get('/me')).email, email, 'this session goes on');
  assert.equal((await other.send('GET', '/me')).status, 401, 'the other one has ended');
  assert.equal((await new Manager(server).signIn(email)).status, 401);
  assert.equal((await new Manager(server).signIn(email, chosen)).status, 200);
  const [mail] = await eventually('the mail that says so', async () => {
    const found = (await mails(email)).filter(({ subject }) => subject.includes('변경되었습니다'));
    return found.length === 1 ? found : undefined;
  });
  const letter = (await server.request('GET', `/sandbox/mail/${mail.id}`)).text;
  assert.ok(!letter.includes(chosen) && !letter.includes(password), letter);
});

check('a forgotten password: one link to the address, once, for an hour', async () => {
  const { email, manager } = await signedUp();
  const unknown = fresh('nobody@abc.com');
  const [known, nobody] = [await forget(` ${email.toUpperCase()} `), await forget(unknown)];
  const told = ({ status, text, headers }) => [status, text, Object.keys(headers).sort()];
  assert.deepEqual(told(known), told(nobody), 'the answer does not tell whether the address is known');
  assert.deepEqual([known.status, known.json()], [202, {}]);
  const token = await linkTo(email, 1);
  assert.deepEqual(await mails(unknown), []);
  await manager.get('/me');
  assert.equal((await new Manager(server).signIn(email)).status, 200, 'nothing has changed yet');
  const shown = await manager.get(`/invites/${token}`);
  assert.deepEqual([shown.email, shown.status], [email, 'open']);

  const chosen = 'walnut-43-Harbour';
  const again = new Manager(server);
  assert.equal((await again.accept(token, 'short')).status, 422);
  assert.equal((await again.accept(token, chosen)).status, 200);
  assert.equal((await again.get('/me')).email, email);
  assert.equal((await manager.send('GET', '/me')).status, 401, 'sessions of before have ended');
  assert.equal((await again.accept(token, `${chosen}-2`)).status, 410);
  assert.equal((await new Manager(server).signIn(email, chosen)).status, 200);

  // A later link ends the one before; an hour ends every one.
  await forget(email);
  const second = await linkTo(email, 2);
  await forget(email);
  const third = await linkTo(email, 3);
  assert.equal((await again.accept(second, `${chosen}-2`)).status, 410);
  await advance(server, '1h');
  assert.equal((await again.accept(third, `${chosen}-2`)).status, 410);
  assert.equal((await again.get(`/invites/${third}`)).status, 'expired');
});

check('a link is asked for three times an hour', async () => {
  const email = fresh('nobody@abc.com');
  assert.equal((await forget(email, server, { csrf: false })).status, 403);
  assert.equal((await forget('')).status, 400);
  for (let i = 0; i < 3; i++) assert.equal((await forget(email)).status, 202);
  const last = await forget(email);
  assert.equal(last.status, 429, last.text);
  assert.equal(last.headers['retry-after'], '3600');
});

check('a forgotten password lets nobody in who was not', async () => {
  const businessNumber = '128-81-45678';
  const owner = await brand({ partner: { businessNumber } });
  const { email } = await stranger(businessNumber);
  assert.equal((await forget(email)).status, 202);
  // Who was invited and has lost the mail is invited once more.
  assert.equal((await forget(owner.email)).status, 202);
  const [mail] = await eventually('another invitation', async () => {
    const found = (await mails(owner.email)).filter(({ subject }) => subject.includes('초대합니다'));
    return found.length === 2 ? found : undefined;
  });
  const letter = (await server.request('GET', `/sandbox/mail/${mail.id}`)).text;
  const [, token] = /accept-invite\/([0-9a-z]+)/.exec(letter);
  assert.equal((await new Manager(server).accept(token)).status, 200);
  assert.deepEqual(await mails(email), [], 'who waits for access gets none');
});

check('no session, no view; a session that was tampered with is none', async () => {
  const { token } = await brand();
  const manager = new Manager(server);
  await manager.accept(token);
  const own = manager.cookie;
  for (const cookie of [null, 'jangbu_portal=', 'jangbu_portal=00', `${own}0`, own.replace(/.$/, (c) => (c === '0' ? '1' : '0'))]) {
    manager.cookie = cookie;
    for (const path of ['/me', '/campaigns', '/campaigns/1', '/deposit']) {
      assert.equal((await manager.send('GET', path)).status, 401, `${cookie} ${path}`);
    }
  }
});

check('changes need the header that no form can send', async () => {
  const { email, token } = await brand();
  const manager = new Manager(server);
  for (const [method, path, body] of [['POST', `/invites/${token}`, { password }], ['POST', '/session', { email, password }], ['DELETE', '/session']]) {
    const answer = await manager.send(method, path, { body, csrf: false });
    assert.equal(answer.status, 403, answer.text);
    assert.equal(answer.json().error.code, 'header_missing');
  }
});

/** Onboards with a brand's business number and an address that is new; gives the address and the answer. */
async function stranger(businessNumber, app = site) {
  const body = onboardBody(await app.paidOrder(), { partner: { businessNumber } });
  const answer = await app.onboard(body);
  assert.equal(answer.status, 200, answer.text);
  return { email: body.partner.contactEmail, answer: answer.json() };
}

const mails = async (email) => (await server.request('GET', '/sandbox/mail')).json().mails.filter(({ to }) => to.includes(email));

check('who types a brand\'s business number is not let into its portal', async () => {
  const businessNumber = '220-81-62517';
  const owner = await brand({ partner: { businessNumber } });
  const manager = new Manager(server);
  await manager.accept(owner.token);
  const { email, answer } = await stranger(businessNumber);
  // The guide's answer, with a way to sign in and none to come in.
  assert.deepEqual([answer.result, answer.partner], ['SUCCESS', { partnerId: owner.partner, loginEmail: email }]);
  assert.deepEqual(answer.onboarding, { emailSent: false, emailSentAt: null, loginUrl: `${server.baseUrl}/partner`, tokenExpiresAt: null });
  assert.deepEqual(await mails(email), []);
  assert.equal((await new Manager(server).signIn(email)).status, 401);
  // What the operator sends again goes to the brand's contact, and the same address again asks in vain.
  assert.equal((await operate(server, 'POST', `/api/admin/partners/${owner.partner}/invite`)).status, 409);
  const again = (await site.onboard(onboardBody(await site.paidOrder(), { partner: { businessNumber, contactEmail: email } }))).json();
  assert.equal(again.onboarding.tokenExpiresAt, null);
  assert.deepEqual(await mails(email), []);
  await eventually('the contact hears who asks', async () => (await mails(owner.email)).find(({ subject }) => subject.includes('접근 요청')));

  // The brand lets them in, others cannot.
  const { accessRequests } = await manager.get('/access-requests');
  assert.deepEqual(accessRequests.map((request) => request.email), [email]);
  const [{ managerId }] = accessRequests;
  const confirm = (who, options) => who.send('POST', `/access-requests/${managerId}/confirm`, options);
  assert.equal((await confirm(new Manager(server))).status, 401);
  assert.equal((await confirm(manager, { csrf: false })).status, 403);
  const other = new Manager(server);
  await other.accept((await brand()).token);
  assert.equal((await confirm(other)).status, 404);
  assert.deepEqual((await other.get('/access-requests')).accessRequests, []);
  const done = await confirm(manager);
  assert.deepEqual([done.status, done.json()], [200, { managerId, mailQueued: true }]);
  assert.equal((await confirm(manager)).status, 404);
  assert.deepEqual((await manager.get('/access-requests')).accessRequests, []);
  const [mail] = await eventually('the invitation', async () => {
    const found = await mails(email);
    return found.length > 0 ? found : undefined;
  });
  const letter = (await server.request('GET', `/sandbox/mail/${mail.id}`)).text;
  const [, token] = /accept-invite\/([0-9A-Za-z_-]+)/.exec(letter);
  const second = new Manager(server);
  assert.equal((await second.accept(token)).status, 200);
  assert.equal((await second.get('/me')).partnerId, owner.partner);
});

check('an operator lets in whoever asks', async () => {
  const businessNumber = '104-81-36565';
  const owner = await brand({ partner: { businessNumber } });
  const { email } = await stranger(businessNumber);
  const { accessRequests } = (await operate(server, 'GET', `/api/hub/partners/${owner.partner}`)).json();
  assert.deepEqual(accessRequests.map((request) => request.email), [email]);
  const confirm = () => operate(server, 'POST', `/api/admin/access-requests/${accessRequests[0].managerId}/confirm`);
  assert.equal((await server.request('POST', `/api/admin/access-requests/${accessRequests[0].managerId}/confirm`)).status, 401);
  const answer = await confirm();
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await new Manager(server).accept(tokenOf(answer.json().link))).status, 200);
  assert.equal((await confirm()).status, 404);
});

check('a manager declines who asks; they are told, and may ask again', async () => {
  const businessNumber = '107-86-14075';
  const owner = await brand({ partner: { businessNumber } });
  const manager = new Manager(server);
  await manager.accept(owner.token);
  const { email, answer } = await stranger(businessNumber);
  const [{ managerId }] = (await manager.get('/access-requests')).accessRequests;
  const decline = (who, options) => who.send('POST', `/access-requests/${managerId}/decline`, options);
  assert.equal((await decline(new Manager(server))).status, 401);
  assert.equal((await decline(manager, { csrf: false })).status, 403);
  const other = new Manager(server);
  await other.accept((await brand()).token);
  assert.equal((await decline(other)).status, 404);
  const done = await decline(manager);
  assert.deepEqual([done.status, done.json()], [200, { managerId, mailQueued: true }]);
  assert.deepEqual((await manager.get('/access-requests')).accessRequests, []);
  assert.equal((await decline(manager)).status, 404);
  assert.equal((await manager.send('POST', `/access-requests/${managerId}/confirm`)).status, 404);
  const [mail] = await eventually('the mail that says so', async () => {
    const found = await mails(email);
    return found.length > 0 ? found : undefined;
  });
  assert.match(mail.subject, /거절되었습니다/);
  const letter = (await server.request('GET', `/sandbox/mail/${mail.id}`)).text;
  assert.ok(!letter.includes('http') && !letter.includes('홍길동'), letter);
  assert.equal((await manager.get(`/campaigns/${answer.campaign.campaignId}`)).status, 'IN_PROGRESS', 'its campaign goes on');

  // The same address asks anew, by another number.
  await site.onboard(onboardBody(await site.paidOrder(), { partner: { businessNumber, contactEmail: email } }));
  const [again] = (await manager.get('/access-requests')).accessRequests;
  assert.equal(again.email, email);
  assert.notEqual(again.managerId, managerId);
  const path = `/api/admin/access-requests/${again.managerId}/decline`;
  assert.equal((await server.request('POST', path)).status, 401);
  const byOperator = await operate(server, 'POST', path);
  assert.deepEqual([byOperator.status, byOperator.json()], [200, { partnerId: owner.partner, managerId: again.managerId, mailQueued: true }]);
  assert.equal((await operate(server, 'POST', path)).status, 404);
  // What was declined here is free everywhere: another brand's first manager may have the address.
  assert.equal((await site.onboard(onboardBody(await site.paidOrder(), { partner: { businessNumber: '211-86-38214', contactEmail: email } }))).status, 200);
});

/** Lets whoever asked at an address into the brand's portal; signed in with the password. */
async function letIn(owner, businessNumber) {
  const { email } = await stranger(businessNumber);
  const { accessRequests } = (await operate(server, 'GET', `/api/hub/partners/${owner.partner}`)).json();
  const { managerId } = accessRequests.find((each) => each.email === email);
  const { link } = (await operate(server, 'POST', `/api/admin/access-requests/${managerId}/confirm`)).json();
  const manager = new Manager(server);
  assert.equal((await manager.accept(tokenOf(link))).status, 200);
  return { email, managerId, manager };
}

const managersOf = async (partner) => (await operate(server, 'GET', `/api/hub/partners/${partner}`)).json().managers;

check('who has access is shown, and the contact takes it from others', async () => {
  const businessNumber = '120-81-47521';
  const owner = await brand({ partner: { businessNumber } });
  const contact = new Manager(server);
  await contact.accept(owner.token);
  const second = await letIn(owner, businessNumber);
  const third = await letIn(owner, businessNumber);
  const { email: asks } = await stranger(businessNumber);
  const { managers } = await contact.get('/managers');
  assert.deepEqual(managers.map(({ email, contact: is, hasPassword, name }) => [email, is, hasPassword, name]), [owner, second, third].map(({ email }) => [email, email === owner.email, true, '홍길동']));
  for (const { since } of managers) assert.match(since, koreanTime);
  assert.deepEqual(await second.manager.get('/managers'), { managers }, 'whoever has access sees who has');
  assert.equal((await second.manager.get('/me')).contact, false);

  // Nobody but the contact decides.
  const [{ managerId: waits }] = (await contact.get('/access-requests')).accessRequests;
  const withdraw = (who, id, options) => who.send('POST', `/managers/${id}/withdraw`, options);
  for (const answer of [
    await second.manager.send('POST', `/access-requests/${waits}/confirm`), await second.manager.send('POST', `/access-requests/${waits}/decline`),
    await withdraw(second.manager, third.managerId), await withdraw(second.manager, managers[0].managerId), await withdraw(second.manager, second.managerId),
  ]) {
    assert.equal(answer.status, 403, answer.text);
    assert.equal(answer.json().error.code, 'role_not_allowed');
  }
  const elsewhere = new Manager(server);
  await elsewhere.accept((await brand()).token);
  assert.equal((await withdraw(elsewhere, second.managerId)).status, 404);
  assert.equal((await withdraw(new Manager(server), second.managerId)).status, 401);
  assert.equal((await withdraw(contact, second.managerId, { csrf: false })).status, 403);
  assert.equal((await withdraw(contact, managers[0].managerId)).status, 400, 'not oneself');
  assert.equal((await withdraw(contact, waits)).status, 404, 'who waits is declined');
  await second.manager.get('/deposit');

  const done = await withdraw(contact, second.managerId);
  assert.deepEqual([done.status, done.json()], [200, { managerId: second.managerId, mailQueued: true }]);
  assert.equal((await second.manager.send('GET', '/deposit')).status, 401, 'the session has ended');
  assert.equal((await new Manager(server).signIn(second.email)).status, 401);
  assert.equal((await withdraw(contact, second.managerId)).status, 404);
  await third.manager.get('/deposit');
  assert.deepEqual((await contact.get('/managers')).managers.map(({ email }) => email), [owner.email, third.email]);
  await eventually('the mail that says so', async () => (await mails(second.email)).find(({ subject }) => subject.includes('회수')));
  await server.restart();
  assert.equal((await second.manager.send('GET', '/deposit')).status, 401);

  // The address asks again, by another number, and may be let in again.
  await site.onboard(onboardBody(await site.paidOrder(), { partner: { businessNumber, contactEmail: second.email } }));
  const { accessRequests } = await contact.get('/access-requests');
  assert.deepEqual(accessRequests.map(({ email }) => email), [asks, second.email]);
  const again = accessRequests[1].managerId;
  assert.equal((await contact.send('POST', `/access-requests/${again}/confirm`)).status, 200);
  assert.equal((await second.manager.send('GET', '/deposit')).status, 401, 'the session of before does not come back');
  assert.deepEqual((await managersOf(owner.partner)).map(({ email, hasPassword }) => [email, hasPassword]), [[owner.email, true], [third.email, true], [second.email, false]]);
});

check('an operator takes access away, and gives a brand to another contact', async () => {
  const businessNumber = '124-81-00998';
  const owner = await brand({ partner: { businessNumber } });
  const contact = new Manager(server);
  await contact.accept(owner.token);
  const second = await letIn(owner, businessNumber);
  const third = await letIn(owner, businessNumber);
  const withdraw = (id) => operate(server, 'POST', `/api/admin/managers/${id}/withdraw`);
  const [first] = await managersOf(owner.partner);
  assert.deepEqual(first, { managerId: first.managerId, email: owner.email, name: '홍길동', contact: true, hasPassword: true, since: first.since });
  assert.match(first.since, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.equal((await server.request('POST', `/api/admin/managers/${second.managerId}/withdraw`)).status, 401);
  assert.equal((await withdraw(first.managerId)).status, 400, 'the contact is changed instead');
  assert.equal((await withdraw('x')).status, 404);
  const done = await withdraw(second.managerId);
  assert.deepEqual([done.status, done.json()], [200, { partnerId: owner.partner, managerId: second.managerId, mailQueued: true }]);
  assert.equal((await second.manager.send('GET', '/deposit')).status, 401);
  assert.equal((await withdraw(second.managerId)).status, 404);

  // Another contact: the old one's session, password and links lead nowhere, and nothing can be decided with them.
  assert.equal((await forget(owner.email)).status, 202);
  const link = await linkTo(owner.email, 1);
  const change = await operate(server, 'PUT', `/api/admin/partners/${owner.partner}/contact-info`, { email: second.email, name: '박영희', phone: '010-2345-6789' });
  assert.equal(change.status, 200, change.text);
  for (const [method, path] of [['GET', '/deposit'], ['GET', '/managers'], ['POST', `/managers/${third.managerId}/withdraw`]]) assert.equal((await contact.send(method, path)).status, 401, path);
  assert.equal((await new Manager(server).signIn(owner.email)).status, 401);
  assert.equal((await new Manager(server).accept(link)).status, 410);
  assert.equal((await new Manager(server).accept(owner.token)).status, 410);
  assert.equal((await forget(owner.email)).status, 202);
  const invited = await operate(server, 'POST', `/api/admin/partners/${owner.partner}/invite`);
  const next = new Manager(server);
  assert.equal((await next.accept(tokenOf(invited.json().link))).status, 200);
  assert.deepEqual((await next.get('/managers')).managers.map(({ email, name, contact: is }) => [email, name, is]), [[second.email, '박영희', true], [third.email, '홍길동', false]]);
  assert.equal((await next.send('POST', `/managers/${third.managerId}/withdraw`)).status, 200);
  assert.equal((await third.manager.send('GET', '/deposit')).status, 401);
  assert.equal((await mails(owner.email)).filter(({ subject }) => subject.includes('재설정')).length, 1, 'no other link goes to the old contact');
});

check('who types a manager\'s address does not get that manager\'s invitation', async () => {
  const owner = await brand();
  const answer = await site.onboard(onboardBody(await site.paidOrder(), { partner: { contactEmail: owner.email } }));
  const { partner, onboarding } = answer.json();
  assert.equal(partner.partnerId, owner.partner);
  assert.deepEqual([onboarding.emailSent, onboarding.loginUrl, onboarding.tokenExpiresAt], [true, `${server.baseUrl}/partner`, null]);
  await eventually('the invitation goes to the address on file', async () => ((await mails(owner.email)).length === 2 ? true : undefined));
});

check('own campaigns alone, in pages and by status', async () => {
  const mine = await brand();
  const other = await brand();
  const manager = new Manager(server);
  await manager.accept(mine.token);
  const second = (await site.onboard(onboardBody(await site.paidOrder(1000), { partner: { contactEmail: mine.email } }))).json().campaign;
  const list = await manager.get('/campaigns?page=1&page_size=10');
  assert.deepEqual(list.campaigns.map(({ campaignId, status }) => [campaignId, status]),
    [[second.campaignId, 'TEMPORARY_SAVED'], [mine.campaign, 'IN_PROGRESS']]);
  assert.deepEqual(list.pagination, { page: 1, pageSize: 10, total: 2, totalPages: 1 });
  const page = await manager.get('/campaigns?page=2&page_size=1');
  assert.deepEqual([page.campaigns[0].campaignId, page.pagination.totalPages], [mine.campaign, 2]);
  const saved = await manager.get('/campaigns?page=1&page_size=10&status=TEMPORARY_SAVED');
  assert.deepEqual([saved.campaigns.length, saved.pagination.total], [1, 1]);
  assert.equal((await manager.send('GET', '/campaigns?status=NONE')).status, 400);

  const detail = await manager.get(`/campaigns/${mine.campaign}`);
  assert.equal(detail.name, '피카소 젤 아이라이너');
  assert.equal(detail.progress.offerCount, 10);
  assert.match(detail.externalRef, /^HUBPAY-/);
  assert.equal((await manager.send('GET', `/campaigns/${other.campaign}`)).status, 404);
  assert.equal((await manager.send('GET', '/campaigns/900000000000')).status, 404);
  assert.equal((await manager.send('GET', '/campaigns/x')).status, 400);
});

check('reviews: own campaigns\' alone, those that were handed in, in pages and by status', async () => {
  const { campaign, manager } = await signedUp();
  const other = await signedUp();
  const left = await reviewers.reviewed(other.campaign, fresh('choi'));
  const ids = [];
  for (const name of ['kim', 'lee', 'park']) ids.push(await reviewers.reviewed(campaign, `${fresh(name)}@mail.example`));
  const [pending, rejected, approved] = ids;
  await reviewers.judge(rejected, '1219');
  await reviewers.judge(approved, '1214');
  const { reviews, next } = await manager.get('/reviews');
  assert.equal(next, null);
  assert.deepEqual(reviews.map(({ reviewId, status, paid, reward }) => [reviewId, status, paid, reward]), [
    [approved, 'APPROVED', 20600, 20600], [rejected, 'REJECTED', 0, 20600], [pending, 'PENDING', 0, 20600],
  ]);
  const [first, , last] = reviews;
  assert.deepEqual([first.campaignId, first.productName, first.reviewer, first.url, first.text],
    [campaign, '피카소 젤 아이라이너', 'pa***@mail.example', 'https://www.coupang.com/reviews/1', '좋아요']);
  assert.match(first.writtenAt, koreanTime);
  assert.match(first.judgedAt, koreanTime);
  assert.equal(last.judgedAt, null);
  assert.deepEqual(await manager.get(`/reviews/${approved}`), first);
  for (const [query, found] of [
    ['status=PENDING', [pending]], ['status=APPROVED', [approved]], ['status=REJECTED', [rejected]], [`campaign=${campaign}`, [approved, rejected, pending]],
    [`campaign=${campaign}&status=REJECTED`, [rejected]], [`cursor=${approved}`, [rejected, pending]], [`status=PENDING&cursor=${pending}`, []],
  ]) assert.deepEqual((await manager.get(`/reviews?${query}`)).reviews.map(({ reviewId }) => reviewId), found, query);

  // Somebody else's are not there, nor is what was deleted.
  assert.deepEqual((await other.manager.get('/reviews')).reviews.map(({ reviewId }) => reviewId), [left]);
  assert.equal((await manager.send('GET', `/reviews/${left}`)).status, 404);
  assert.equal((await manager.send('GET', `/reviews?campaign=${other.campaign}`)).status, 404);
  assert.equal((await manager.send('GET', '/reviews/900000000000')).status, 404);
  await reviewers.judge(pending, '1215');
  assert.equal((await manager.send('GET', `/reviews/${pending}`)).status, 404);
  assert.equal((await manager.get('/reviews')).reviews.length, 2);
  for (const wrong of ['/reviews/x', '/reviews?status=DRAFT', '/reviews?cursor=x', '/reviews?campaign=x']) {
    assert.equal((await manager.send('GET', wrong)).status, 400, wrong);
  }
  assert.equal((await new Manager(server).send('GET', '/reviews')).status, 401);
});

check('reviews come twenty at a time', async () => {
  const owner = await brand({ campaign: { offerCount: 22, rewardPoints: 1000 } });
  const manager = new Manager(server);
  await manager.accept(owner.token);
  const ids = [];
  for (let i = 0; i < 22; i++) ids.unshift(await reviewers.reviewed(owner.campaign, fresh('reader')));
  const first = await manager.get('/reviews');
  const rest = await manager.get(`/reviews?cursor=${first.next}`);
  assert.deepEqual([first.reviews.length, rest.reviews.length, rest.next], [20, 2, null]);
  assert.deepEqual([...first.reviews, ...rest.reviews].map(({ reviewId }) => reviewId), ids);
});

check('the deposit: what it has, what campaigns hold, and what moved it', async () => {
  const { campaign, token } = await brand();
  const manager = new Manager(server);
  await manager.accept(token);
  const rewards = 21;
  assert.deepEqual((({ currency, posted, held, available }) => ({ currency, posted, held, available }))(await manager.get('/deposit')),
    { currency: 'KRW', posted: 206000, held: 206000, available: 0 });
  const { campaigns: [{ externalRef }] } = await manager.get('/campaigns');
  await reviewers.judge(await reviewers.reviewed(campaign), '1214');
  const deposit = await manager.get('/deposit');
  assert.deepEqual([deposit.posted, deposit.held, deposit.available, deposit.next], [185400, 185400, 0, null]);
  assert.deepEqual(deposit.history.map(({ kind, amount, campaignId, orderCode }) => ({ kind, amount, campaignId, orderCode })), [
    { kind: 'reward', amount: 20600, campaignId: campaign, orderCode: externalRef },
    { kind: 'charge', amount: 206000, campaignId: campaign, orderCode: externalRef },
  ]);
  const partner = (await manager.get('/me')).partnerId;
  for (let i = 0; i < rewards; i++) await site.paidOrder(1000 + i, { partnerId: partner });
  const first = await manager.get('/deposit');
  assert.equal(first.history.length, 20);
  const rest = await manager.get(`/deposit?cursor=${first.next}`);
  assert.deepEqual([rest.history.length, rest.next], [3, null]);
  assert.deepEqual([first.history[0].amount, rest.history[0].amount, rest.history[2].amount], [1020, 1000, 206000]);
  assert.equal((await manager.send('GET', '/deposit?cursor=x')).status, 400);
});

check('who tries too often waits, and sign-ins are counted and logged', async () => {
  const { email, token } = await brand();
  await new Manager(server).accept(token);
  const manager = new Manager(server);
  const counted = async () => Object.fromEntries([...(await server.request('GET', '/metrics')).text
    .matchAll(/^jangbu_sign_ins_total\{door="portal",outcome="(\w+)"\} (\d+)$/gm)].map(([, outcome, count]) => [outcome, Number(count)]));
  const before = await counted();
  const answers = [];
  for (let i = 0; i < 22; i++) answers.push(await manager.signIn(email, i === 0 ? password : 'wrong-42-Harbor'));
  const last = answers.at(-1);
  assert.equal(last.status, 429, last.text);
  assert.equal(last.headers['retry-after'], '60');
  const after = await counted();
  for (const [outcome, status] of [['signed_in', 200], ['refused', 401], ['limited', 429]])
    assert.equal(after[outcome] - before[outcome], answers.filter((answer) => answer.status === status).length, outcome);
  if (answers[0].status === 200) assert.ok(server.log.includes(` info portal: ${email} signed in from 127.0.0.1 trace_id=`));
  assert.match(server.log, / warning portal: too many sign-ins are tried from 127\.0\.0\.1 trace_id=/);
  assert.ok(!server.log.includes('wrong-42-Harbor'));
});

check('behind a proxy, everybody has tries of their own; nobody gets more by a header', async () => {
  const tries = async (at, forwarded) => {
    const headers = { 'X-Jangbu-Csrf': '1', ...(forwarded ? { 'X-Forwarded-For': forwarded } : {}) };
    return (await at.request('POST', '/partner/api/session', { headers, body: { email: `${fresh('who')}@abc.com`, password: 'wrong-42-Harbor' } })).status;
  };
  const spend = async (at, forwarded) => {
    for (let i = 0; i < 20; i++) assert.equal(await tries(at, forwarded(i)), 401);
  };
  const proxied = await Server.start({ args: ['--trusted-proxy', '127.0.0.1,10.0.0.0/8'] });
  try {
    await spend(proxied, (i) => `198.51.100.${i}, 203.0.113.7, 10.0.0.1`);
    assert.equal(await tries(proxied, '198.51.100.99, 203.0.113.7'), 429, 'what the client wrote before does not count');
    assert.equal(await tries(proxied, '203.0.113.8'), 401, 'another client');
  } finally {
    await proxied.stop();
  }
  const direct = await Server.start();
  try {
    await spend(direct, (i) => `203.0.113.${i}`);
    assert.equal(await tries(direct, '203.0.113.99'), 429, 'without a list nobody is believed');
  } finally {
    await direct.stop();
  }
});
