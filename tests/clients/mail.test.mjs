// The mails that an onboarding sends, as a mail server gets them: and what happens when there is none.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { advance, App, fresh, guideClock, onboardBody, operate } from '../support/hub.mjs';
import { MailServer, silentMailServer, smtpPassword, smtpUser } from '../support/mail.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const sender = 'noreply@pay.example.com';
const environment = { JANGBU_SMTP_USER: smtpUser, JANGBU_SMTP_PASSWORD: smtpPassword };

let mails;
let server;
let app;

const serveWith = (port, login = environment) => Server.start({
  clock: guideClock,
  args: ['--smtp', `smtp://127.0.0.1:${port}`, '--mail-from', `장부 알림 <${sender}>`],
  environment: login,
});

before(async () => {
  mails = await MailServer.start({
    refuse: (address) => (address.startsWith('nobody') ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
  });
  server = await serveWith(mails.port);
  app = App.sales(server);
});
after(async () => {
  await server?.stop();
  await mails?.close();
  if (server) await assertVerifies(server.directory);
});

let current;
const check = (name, body) => test(name, { timeout: 90_000 }, Server.logged(() => current ?? server, body));

/** Onboards with a contact of its own; {contact, answer: the JSON of the answer}. */
async function onboard(of, { partner = {}, campaign = {} } = {}, options) {
  const contact = partner.contactEmail ?? `${fresh('ceo')}@abc.com`;
  const body = onboardBody(await of.paidOrder(), { partner: { ...partner, contactEmail: contact }, campaign });
  const answer = await of.onboard(body, options);
  assert.equal(answer.status, 200, answer.text);
  return { contact, body, text: answer.text, answer: answer.json() };
}

/** The only mail to an address. */
const mailTo = async (contact, from = mails) => {
  const all = await eventually(`a mail to ${contact}`, () => (from.to(contact).length > 0 ? from.to(contact) : undefined));
  assert.equal(all.length, 1);
  return all[0];
};

/** The only link of a mail's text, which its HTML has, too. */
function linkOf({ text, html }) {
  const links = text.match(/https?:\/\/\S+/g);
  assert.equal(links.length, 1, text);
  assert.ok(html.includes(`<a href="${links[0]}"`), html);
  return new URL(links[0]);
}

check('an invitation in Korean', async () => {
  const { contact, answer } = await onboard(app, { partner: { companyName: '주식회사 <에이비씨> & 친구들' } });
  assert.equal(answer.onboarding.emailSent, true);
  assert.match(answer.onboarding.emailSentAt, /^2026-05-25T/);
  const { from, to, mail } = await mailTo(contact);
  assert.equal(from, sender);
  assert.deepEqual(to, [contact]);
  assert.equal(mail.headers.from, `장부 알림 <${sender}>`);
  assert.equal(mail.headers.to, `홍길동 <${contact}>`);
  assert.equal(mail.headers.subject, '[주식회사 <에이비씨> & 친구들] 파트너 포털에 초대합니다');
  assert.match(mail.headers['message-id'], /^<msg_[0-9a-f]{32}@pay\.example\.com>$/);
  assert.equal(mail.headers['mime-version'], '1.0');
  assert.ok(!Number.isNaN(Date.parse(mail.headers.date)));
  assert.match(mail.text, /^홍길동님, 안녕하세요\./);
  assert.match(mail.text, /피카소 젤 아이라이너/);
  assert.match(mail.html, /<html lang="ko">/);
  assert.ok(!mail.text.includes('{{') && !mail.html.includes('{{'));
});

check('an invitation in English', async () => {
  const { contact } = await onboard(app, {
    partner: { country: 'US', companyName: 'ABC <b>Inc</b>', contactName: 'Kim "Q" <Lee>' },
    campaign: { productName: 'Gel & <i>liner</i>' },
  });
  const { mail } = await mailTo(contact);
  assert.equal(mail.headers.subject, '[ABC <b>Inc</b>] Your invitation to the partner portal');
  assert.match(mail.text, /^Hello Kim "Q" <Lee>,/);
  assert.match(mail.html, /<html lang="en">/);
  assert.ok(mail.html.includes('Gel &amp; &lt;i&gt;liner&lt;/i&gt;'), mail.html);
  assert.ok(!mail.html.includes('<i>'));
});

check('the link in the mail is the one that the answer has, and it leads to a page', async () => {
  const { contact, answer } = await onboard(app);
  const link = linkOf((await mailTo(contact)).mail);
  assert.equal(link.href, answer.onboarding.loginUrl);
  assert.equal(link.origin, server.baseUrl);
  assert.match(link.pathname, /^\/partner\/accept-invite\/[\w-]+$/);
  const page = await server.request('GET', link.pathname);
  assert.equal(page.status, 200);
  assert.match(page.headers['content-type'], /^text\/html/);
});

check('no line can be put into a header', async () => {
  const contact = `${fresh('ceo')}@abc.com`;
  const body = onboardBody(await app.paidOrder(), {
    partner: { contactEmail: contact, companyName: 'ABC\r\nBcc: all@abc.com', contactName: 'Kim\r\nX-Evil: 1' },
  });
  const answer = await app.onboard(body);
  if (answer.status === 400) return; // refused is as good
  assert.equal(answer.status, 200, answer.text);
  const { to, mail } = await mailTo(contact);
  assert.deepEqual(to, [contact]);
  assert.ok(!('bcc' in mail.headers) && !('x-evil' in mail.headers));
});

check('an onboarding that is repeated sends nothing more', async () => {
  const key = fresh('key');
  const { contact, body, text } = await onboard(app, {}, { key });
  const again = await app.onboard(body, { key });
  assert.equal(again.text, text);
  assert.equal(again.headers['idempotent-replayed'], 'true');
  await mailTo(contact);
});

// What is known to be no contact: accepted, and no mail goes out.
const placeholderRows = [
  ['a placeholder of the hub', { contactEmail: 'someone@08liter.ai' }],
  ['a placeholder of its own domain', { contactEmail: 'someone@placeholder.08liter.ai' }],
  ['an unknown name', { contactName: 'UNKNOWN' }],
  ['an empty number', { contactPhone: '000-0000-0000' }],
];
for (const [name, partner] of placeholderRows) {
  check(`no mail: ${name}`, async () => {
    const address = partner.contactEmail ?? `${fresh('ceo')}@abc.com`;
    const { answer } = await onboard(app, { partner: { ...partner, contactEmail: address } });
    assert.equal(answer.onboarding.emailSent, false);
    // A mail that comes after it shows that there is none before.
    const { contact } = await onboard(app);
    await mailTo(contact);
    assert.deepEqual(mails.to(address), []);
  });
}

check('a mailbox that is not there: onboarded all the same', async () => {
  const { contact, answer } = await onboard(app, { partner: { contactEmail: `nobody-${fresh('x')}@abc.com` } });
  assert.equal(answer.onboarding.emailSent, false);
  // The onboarding hears of the first attempt before the log has it.
  const delivery = await eventually('the first attempt in the log', async () => {
    const { deliveries } = (await operate(server, 'GET', '/api/deliveries?kind=mail&status=pending')).json();
    return deliveries.find(({ target, attempts }) => target === contact && attempts > 0);
  });
  assert.equal(delivery.last_status, 550);
});

check('a mail server that is down: the answer has the link, and the mail goes out later', async (t) => {
  const reserved = await MailServer.start();
  const { port } = reserved;
  await reserved.close();
  current = await serveWith(port);
  t.after(() => (current = undefined));
  const shop = App.sales(current);
  const key = fresh('key');
  const { contact, body, answer, text } = await onboard(shop, {}, { key });
  assert.equal(answer.onboarding.emailSent, false);
  const page = await current.request('GET', new URL(answer.onboarding.loginUrl).pathname);
  assert.equal(page.status, 200);
  const late = await MailServer.start({ port });
  t.after(() => late.close());
  await advance(current, '1m');
  const { mail } = await mailTo(contact, late);
  assert.equal(linkOf(mail).href, answer.onboarding.loginUrl);
  assert.equal((await shop.onboard(body, { key })).text, text, 'what was answered stays');
  await current.stop();
  await assertVerifies(current.directory);
});

check('a mail server that says nothing holds up an onboarding for a few seconds', async (t) => {
  const silent = await silentMailServer();
  t.after(() => silent.close());
  current = await serveWith(silent.port);
  t.after(() => (current = undefined));
  const shop = App.sales(current);
  const body = onboardBody(await shop.paidOrder());
  // Less than what one attempt to send may take.
  const answer = await shop.onboard(body, { timeoutMs: 9_000 });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json().onboarding.emailSent, false);
  await current.kill('SIGKILL');
  await assertVerifies(current.directory);
});

check('a login that is wrong sends nothing, and stands in no log', async (t) => {
  current = await serveWith(mails.port, { ...environment, JANGBU_SMTP_PASSWORD: 'wrong-password' });
  t.after(() => (current = undefined));
  const { contact, answer } = await onboard(App.sales(current));
  assert.equal(answer.onboarding.emailSent, false);
  assert.deepEqual(mails.to(contact), []);
  const status = await eventually('the attempt is listed', async () =>
    (await operate(current, 'GET', '/api/deliveries?kind=mail')).json().deliveries[0].last_status ?? undefined);
  assert.equal(status, 535);
  await current.stop();
  assert.ok(!current.log.includes('wrong-password'));
  assert.ok(!server.log.includes(smtpPassword));
});

check('without a mail server the sandbox shows its mails', async (t) => {
  current = await Server.start({ clock: guideClock });
  t.after(() => (current = undefined));
  const { contact, answer } = await onboard(App.sales(current));
  assert.equal(answer.onboarding.emailSent, true);
  // The answer tells of the mail as soon as it is sent; a moment later it stands in the log.
  const mail = await eventually('the mail is listed', async () => (await current.request('GET', '/sandbox/mail')).json().mails[0]);
  assert.equal(mail.to, contact);
  assert.equal(linkOf(mail).href, answer.onboarding.loginUrl);
  await current.stop();
});
