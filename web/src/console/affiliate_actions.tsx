// What an operator does in the affiliate door: merchants, programmes, affiliates, conversions, payouts.
import { reasonOf } from '../base/fault';
import type { Language } from '../base/language';
import type { Action } from './action';
import type { Fact } from './cells';
import { at, type Item, type Query, textOf } from './api';
import { type Field, flag, formOf, inputsOf, lines, moment, number, rates } from './form';
import { may, useSession } from './session';
import { useSay, type Words, words } from './words';

const changed = words('변경했습니다', 'Changed');
const edit = words('수정', 'Edit');

const rule = {
  text: words('입력해 주세요.', 'Please fill this in.'),
  url: words('https로 시작하는 주소여야 합니다. 그 주소로 보낼 수 있어야 합니다.', 'Must be an https URL that may be sent to.'),
  rate: words('8%, 0.5%, 500KRW처럼 써 주세요. 100%와 1억 원까지입니다.', 'Such as 8%, 0.5% or 500KRW; at most 100% or 100,000,000 won.'),
  rates: words('한 줄에 하나, 요율은 8%나 500KRW처럼 써 주세요. 같은 것은 한 번만 씁니다.', 'One a line, with rates such as 8% or 500KRW, each once.'),
  moment: words('끝은 시작보다 늦어야 합니다.', 'The end must be later than the beginning.'),
};

export const switchOf = (path: string, isActive: boolean): Action => ({
  label: isActive ? words('중지', 'Switch off') : words('다시 사용', 'Switch on'),
  for: 'operator',
  grave: isActive,
  text: isActive ? words('새 실적과 클릭을 받지 않습니다.', 'New clicks and conversions are refused.') : words('클릭과 실적을 다시 받습니다.', 'Clicks and conversions are taken again.'),
  call: () => ({ method: 'PUT', path, body: { active: !isActive } }),
  done: changed,
});

// ---- merchants ---------------------------------------------------------------------------------------------------------------

const merchantId: Field = {
  name: 'merchant_id',
  label: words('아이디', 'Id'),
  hint: words('주문과 링크에 쓰입니다. 나중에 바꿀 수 없습니다.', 'It stands in orders and links, and is never changed.'),
  rule: words('영문 소문자, 숫자, _ -로 1자에서 10자여야 합니다.', 'Must be 1 to 10 of a-z, 0-9, _ and -.'),
};

const merchantFields: Field[] = [
  { name: 'name', label: words('이름', 'Name'), rule: rule.text },
  {
    name: 'gateway_url',
    label: words('게이트웨이', 'Gateway'),
    hint: words('클릭한 고객이 가는 곳. {lpinfo}, {url}, {rd}가 들어갈 자리를 씁니다.', 'Where a click leads, with {lpinfo}, {url} and {rd} where it takes them.'),
    rule: words('https://shop.example/gate?lpinfo={lpinfo}&url={url}처럼 써 주세요.', 'Such as https://shop.example/gate?lpinfo={lpinfo}&url={url}.'),
  },
  { name: 'home_url', label: words('홈', 'Home page'), optional: true, hint: words('목적지가 없는 클릭이 가는 곳', 'Where a click without a target leads'), rule: rule.url },
  { name: 'deeplinks', label: words('딥링크', 'Deep links'), value: 'false', ...flag },
  { name: 'hosts', label: words('딥링크를 받을 호스트', 'Hosts of deep links'), optional: true, hint: words('한 줄에 하나', 'One a line'), rule: words('shop.example처럼 호스트 이름을 한 줄에 하나, 50개까지 써 주세요.', 'Host names such as shop.example, one a line, 50 at most.'), ...lines('hosts') },
  { name: 'batch', label: words('일괄 정산', 'Settled by list'), value: 'false', hint: words('목록이 확정한 실적만 정산합니다.', 'Only what its list confirms is settled.'), ...flag },
  { name: 'list_url', label: words('실적 목록 주소', 'Daily list'), optional: true, hint: words('매일 04:00에 어제의 실적을 묻는 곳', 'Asked every day at 04:00 for the day before'), rule: rule.url },
  { ...number('return_days', words('추적 기간(일)', 'Return days'), 0, 365, '0'), hint: words('0은 브라우저를 닫을 때까지', '0: until the browser is closed') },
  { name: 'answer_shape', label: words('응답 형식', 'Form of answers'), value: 'object', options: [['object', words('객체', 'Object')], ['array', words('배열', 'Array')]] },
  { name: 'networks', label: words('서버의 주소', 'Addresses of its server'), optional: true, hint: words('한 줄에 하나. 비우면 어디서든 받습니다.', 'One a line; none: anywhere.'), rule: words('203.0.113.7이나 203.0.113.0/24를 한 줄에 하나, 50개까지 써 주세요.', 'Addresses and networks such as 203.0.113.0/24, one a line, 50 at most.'), ...lines('networks') },
  number('rate', words('초당 요청', 'Requests a second'), 1, 100_000, '1000'),
  number('burst', words('한 번에 몰려도 되는 요청', 'Requests at once'), 1, 1_000_000, '2000'),
];

export const makeMerchant: Action = formOf([merchantId, ...merchantFields], {
  label: words('광고주 등록', 'Add a merchant'),
  primary: true,
  text: words('실적을 보낼 쇼핑몰을 등록합니다. 다음으로 프로그램을 만듭니다.', 'Adds a shop that sends conversions. Its programmes come next.'),
  method: 'POST',
  path: '/merchants',
  done: words('등록했습니다', 'Added'),
});

export const editMerchant = (item: Item): Action => formOf(merchantFields, {
  label: edit,
  text: words('바꾼 것만 적용합니다. 이미 받은 실적은 그대로입니다.', 'What you change is set. Conversions that were taken stay as they are.'),
  method: 'PUT',
  path: `/merchants/${encodeURIComponent(textOf(item, 'merchant_id'))}`,
  item,
  done: changed,
});

// ---- programmes --------------------------------------------------------------------------------------------------------------

const ofMerchant: Field = { name: 'merchant_id', label: words('광고주 아이디', 'Id of the merchant'), rule: words('등록된 광고주의 아이디여야 합니다.', 'Must be the id of a merchant.') };

export const programKinds: [string, Words][] = [['cps', words('판매(cps)', 'Sales (cps)')], ['cpa', words('행동(cpa)', 'Actions (cpa)')]];

const fixedFields: Field[] = [
  { name: 'code', label: words('코드', 'Code'), hint: words('광고주 안에서 하나', 'One of the merchant’s own'), rule: rule.text },
  { name: 'kind', label: words('종류', 'Kind'), value: 'cps', options: programKinds },
];

const rate = (name: string, label: Words, value: string): Field => ({ name, label, value, rule: rule.rate });

const programFields: Field[] = [
  { name: 'name', label: words('이름', 'Name'), rule: rule.text },
  { name: 'action_name', label: words('행동 이름', 'Action'), optional: true, hint: words('cpa에서만. 비우면 다른 프로그램이 맡지 않은 행동 모두', 'Of cpa; none: those that no other is for'), rule: words('cpa 프로그램에만 쓰입니다.', 'Is for programmes of kind cpa.') },
  rate('base', words('기본', 'Base'), '0%'),
  rate('incentive', words('인센티브', 'Incentive'), '0%'),
  rate('fee', words('네트워크 수수료', 'Fee'), '0%'),
  number('window_days', words('인정 기간(일)', 'Window (days)'), 1, 365, '30'),
  { name: 'tiers', label: words('월 매출 구간', 'Tiers of a month’s sales'), optional: true, hint: words('한 줄에 하나: 1000000 9% 1%', 'One a line: 1000000 9% 1%'), rule: words('한 줄에 “매출 기본 인센티브”를 매출이 작은 것부터 써 주세요.', 'One a line, “sales base incentive”, from the least sales on.'), ...rates('tiers', 'from_sales') },
  { name: 'by_category', label: words('분류별', 'By category'), optional: true, hint: words('한 줄에 하나: shoes 2% 0%', 'One a line: shoes 2% 0%'), rule: rule.rates, ...rates('by_category', 'code') },
  { name: 'by_product', label: words('상품별', 'By product'), optional: true, hint: words('한 줄에 하나: gold 500KRW', 'One a line: gold 500KRW'), rule: rule.rates, ...rates('by_product', 'code') },
  { name: 'starts_at', label: words('시작(서울)', 'Begins (Seoul)'), optional: true, rule: rule.moment, ...moment('starts_at') },
  { name: 'ends_at', label: words('끝(서울)', 'Ends (Seoul)'), optional: true, rule: rule.moment, ...moment('ends_at') },
];

/** `merchant`: whose it will be; none: that is asked for. */
export const makeProgram = (merchant?: string): Action => formOf([...(merchant === undefined ? [ofMerchant] : []), ...fixedFields, ...programFields], {
  label: words('프로그램 만들기', 'Make a programme'),
  primary: merchant === undefined,
  text: words('같은 광고주, 종류, 행동에는 한때 하나의 프로그램만 있습니다.', 'Of one merchant, kind and action one programme is in force at a time.'),
  method: 'POST',
  path: '/programs',
  ...(merchant === undefined ? {} : { and: { merchant_id: merchant } }),
  done: words('만들었습니다', 'Made'),
});

export const editProgram = (item: Item): Action => formOf(programFields, {
  label: edit,
  text: words('바꾼 것만 적용합니다. 이미 받은 실적의 요율은 그대로입니다.', 'What you change is set. Conversions that were taken keep their rates.'),
  method: 'PUT',
  path: `/programs/${textOf(item, 'program')}`,
  item,
  done: changed,
});

// ---- affiliates --------------------------------------------------------------------------------------------------------------

const affiliateFields: Field[] = [
  { name: 'name', label: words('이름', 'Name'), rule: rule.text },
  { name: 'site_name', label: words('사이트', 'Site'), optional: true },
  { name: 'email', label: words('이메일', 'E-mail'), type: 'email', optional: true },
  {
    name: 'merchants',
    type: 'multiline',
    label: words('홍보할 광고주', 'Merchants that it may promote'),
    value: 'all',
    hint: words('all은 모두. 아니면 아이디를 한 줄에 하나', 'all, or ids one a line'),
    rule: words('all이나 등록된 광고주의 아이디를 한 줄에 하나 써 주세요.', 'Must be all, or ids of merchants, one a line.'),
    optional: true,
    shown: (item) => (item['merchants'] === 'all' ? 'all' : (item['merchants'] as string[]).join('\n')),
    sent: (value) => (value.trim() === 'all' ? 'all' : value.split('\n').map((line) => line.trim()).filter(Boolean)),
  },
];

const authKey = words('인증 키', 'auth_key');

const postbackFields: Field[] = [
  { name: 'postback_url', label: words('통지 주소', 'Postback URL'), optional: true, hint: words('실적이 생기거나 바뀔 때 알릴 매체의 주소', 'Where the affiliate is told of its conversions'), rule: rule.url },
  { name: 'uniq_id', label: words('uniq_id도 보내기', 'Send uniq_id, too'), ...flag },
];

/** What came of a sample: how the server answered, or why it could not be asked. */
const sampleOf = ([answer = {}]: Item[], language: Language): string =>
  textOf(answer, 'status') !== '' ? `HTTP ${textOf(answer, 'status')}` : reasonOf(textOf(answer, 'error'), language);

const testPostback = (path: string): Action => ({
  label: words('통지 시험', 'Test postback'),
  for: 'operator',
  text: words('정해진 예시 한 건을 통지 주소로 지금 보냅니다. 어떤 실적의 것도 아닙니다(trlog_id 0).', 'Sends one fixed sample to the postback URL now. It belongs to no conversion (trlog_id 0).'),
  call: () => ({ method: 'POST', path: `${path}/reward-api/test` }),
  done: (answers) => words(`매체의 서버가 받았습니다 (${sampleOf(answers, 'ko')})`, `The affiliate’s server took it (${sampleOf(answers, 'en')})`),
  refused: (answers) => {
    if (answers[0]?.['delivered'] === true) return null;
    if (answers[0]?.['tried'] !== true) return words('아직 응답이 없습니다. 전송 목록에서 결과를 볼 수 있습니다.', 'No answer came yet. The deliveries will tell.');
    return words(`매체의 서버가 받지 않았습니다: ${sampleOf(answers, 'ko')}`, `The affiliate’s server did not take it: ${sampleOf(answers, 'en')}`);
  },
});

export const makeAffiliate: Action = formOf(affiliateFields, {
  label: words('매체 등록', 'Add an affiliate'),
  primary: true,
  text: words('아이디와 인증 키를 만듭니다. 인증 키는 한 번만 보여 드립니다.', 'Makes an id and an auth_key, which is shown once.'),
  method: 'POST',
  path: '/affiliates',
  done: words('등록했습니다', 'Added'),
  secrets: [['affiliate_id', words('아이디', 'Id')], ['auth_key', authKey]],
});

/** What can be done with an affiliate as it stands. */
export function affiliateActions(item: Item): Action[] {
  const path = `/affiliates/${encodeURIComponent(textOf(item, 'affiliate_id'))}`;
  const status = textOf(item, 'reward.status');
  const reward = (wanted: string, label: Words, grave: boolean): Action => ({
    label,
    for: 'operator',
    grave,
    primary: !grave,
    text: words('매체의 서버로 보상 통지를 보낼지 정합니다.', 'Says whether postbacks go to the affiliate’s server.'),
    call: () => ({ method: 'PUT', path: `${path}/reward-api`, body: { status: wanted } }),
    done: changed,
  });
  const account: Field[] = [
    { name: 'bank', label: words('은행', 'Bank'), rule: rule.text },
    { name: 'account', label: words('계좌 번호', 'Account number'), rule: words('숫자와 -만 쓸 수 있습니다.', 'Must be digits and hyphens.') },
    { name: 'holder', label: words('예금주', 'Holder'), rule: rule.text },
  ];
  return [
    ...(status === 'REQUESTED' ? [reward('APPROVED', words('통지 승인', 'Approve postbacks'), false), reward('REJECTED', words('통지 거절', 'Reject postbacks'), true)] : []),
    ...(status === 'APPROVED' ? [reward('REJECTED', words('통지 중단', 'Stop postbacks'), true)] : []),
    formOf(affiliateFields, { label: edit, text: words('바꾼 것만 적용합니다.', 'What you change is set.'), method: 'PUT', path, item, done: changed }),
    formOf(postbackFields, {
      label: words('통지 주소', 'Postback URL'),
      text: words('바꾼 것만 적용합니다. 승인한 통지는 새 주소로도 계속 보냅니다.', 'What you change is set. Postbacks that were approved go to the new URL.'),
      method: 'PUT',
      path: `${path}/reward-api`,
      item: item['reward'] as Item,
      done: changed,
    }),
    ...(textOf(item, 'reward.postback_url') === '' ? [] : [testPostback(path)]),
    formOf(account, { label: words('계좌', 'Bank account'), text: words('지급을 보낼 계좌를 정합니다. 정하면 뒤 네 자리만 보입니다.', 'Says where payouts go. Later its last four digits are shown.'), method: 'PUT', path: `${path}/bank-account`, done: changed }),
    {
      label: words('키 교체', 'Rotate key'),
      for: 'owner',
      grave: true,
      text: words('새 인증 키를 만듭니다. 옛 키는 바로 끝나므로, 매체는 새 키를 받을 때까지 로그인하지 못합니다.', 'Makes a new auth_key. The old one ends at once: the affiliate cannot sign in until it has the new one.'),
      call: () => ({ method: 'POST', path: `${path}/rotate` }),
      done: words('교체했습니다', 'Rotated'),
      secrets: [['auth_key', authKey]],
    },
    switchOf(path, item['active'] === true),
  ];
}

// ---- promotion codes and currencies ------------------------------------------------------------------------------------------

const codes: Field[] = [
  ofMerchant,
  { name: 'event_code', label: words('행사 코드', 'Event'), hint: words('광고주가 주문과 함께 보내는 것', 'As the merchant sends it with orders'), rule: rule.text },
  { name: 'promo_code', label: words('프로모션 코드', 'Promotion code'), hint: words('고객이 입력하는 것', 'What customers type'), rule: rule.text },
];

const promoFields: Field[] = [
  { name: 'affiliate_id', label: words('매체 아이디', 'Id of the affiliate'), rule: words('등록된 매체의 아이디여야 합니다.', 'Must be the id of an affiliate.') },
  { name: 'starts_at', label: words('시작(서울)', 'Begins (Seoul)'), optional: true, rule: rule.moment, ...moment('starts_at') },
  { name: 'ends_at', label: words('끝(서울)', 'Ends (Seoul)'), optional: true, rule: rule.moment, ...moment('ends_at') },
];

const promoPath = '/affiliate/promos';
const partOf = (item: Item, names: string[]): Item => Object.fromEntries(names.map((name) => [name, item[name] ?? null]));
const codeNames = codes.map(({ name }) => name);

export const makePromo: Action = formOf([...codes, ...promoFields], {
  label: words('프로모션 코드 등록', 'Add a promotion code'),
  primary: true,
  text: words('이 코드를 쓴 구매는 클릭이 없어도 그 매체의 실적입니다. 이미 있는 코드면 그 코드를 바꿉니다.', 'Whoever buys with it counts as sent by that affiliate, without a click. A code that is there already is changed.'),
  method: 'PUT',
  path: promoPath,
  done: words('등록했습니다', 'Added'),
});

/** The whole of a promotion is said each time, so that what stays is sent as well. */
export const promoActions = (item: Item): Action[] => [
  formOf(inputsOf(promoFields, item), {
    label: edit,
    text: words('이미 받은 실적은 그대로입니다.', 'Conversions that were taken stay as they are.'),
    method: 'PUT',
    path: promoPath,
    and: partOf(item, [...codeNames, 'active']),
    done: changed,
  }),
  {
    ...switchOf(promoPath, item['active'] === true),
    text: item['active'] === true ? words('이 코드로는 더 실적을 인정하지 않습니다.', 'The code brings no more conversions.') : words('이 코드로 다시 실적을 인정합니다.', 'The code brings conversions again.'),
    call: () => ({ method: 'PUT', path: promoPath, body: { ...partOf(item, [...codeNames, ...promoFields.map(({ name }) => name)]), active: item['active'] !== true } }),
  },
];

/** `currency`: what is shown. */
export const setRate = (currency: string): Action => ({
  label: words('환율 입력', 'Set a rate'),
  for: 'operator',
  primary: true,
  text: words('그 통화의 실적은 환율이 있는 날에만 받습니다. 같은 날을 다시 입력하면 바뀝니다. 이미 받은 실적은 그대로입니다.', 'Conversions in a currency are taken on days that have a rate. The same day again is changed; conversions that were taken stay as they are.'),
  inputs: [
    { name: 'currency', label: words('통화', 'Currency'), value: currency, rule: words('USD 같은 통화여야 합니다. KRW는 아닙니다.', 'Must be a currency such as USD, other than KRW.') },
    { name: 'date', label: words('날짜', 'Day'), type: 'date', rule: words('2026-05-25 같은 날짜여야 합니다.', 'Must be a day such as 2026-05-25.') },
    { name: 'krw_per_unit', label: words('1단위의 원화', 'Won for one unit'), hint: words('예: 1330.5', 'Such as 1330.5'), rule: words('0보다 크고 1,000,000까지, 소수점 아래 여섯 자리까지 쓸 수 있습니다.', 'Must be more than 0 and at most 1,000,000, with at most six decimals.') },
  ],
  call: ({ currency: of = '', date = '', krw_per_unit: worth = '' }) => ({ method: 'PUT', path: `/rates/${encodeURIComponent(of.trim())}/${encodeURIComponent(date)}`, body: { krw_per_unit: worth.trim() } }),
  done: words('저장했습니다', 'Saved'),
});

// ---- conversions -------------------------------------------------------------------------------------------------------------

/** What can be done with a conversion whose month is not over. */
export function conversionActions(item: Item): Action[] {
  if (!['100', '200', '300'].includes(textOf(item, 'status'))) return [];
  const path = `/conversions/${encodeURIComponent(textOf(item, 'trlog_id'))}`;
  const judge = (verb: 'confirm' | 'cancel', label: Words, text: Words): Action => ({
    label,
    for: 'operator',
    grave: verb === 'cancel',
    primary: verb === 'confirm',
    text,
    inputs: [{ name: 'reason', label: words('사유', 'Reason'), type: 'multiline', optional: true }],
    call: ({ reason = '' }) => ({ method: 'POST', path: `${path}/${verb}`, body: { reason } }),
    done: changed,
  });
  return [
    judge('confirm', words('확정', 'Confirm'), words('수수료를 정산에 넣습니다.', 'Its commission goes into the settlement.')),
    judge('cancel', words('취소', 'Cancel'), words('수수료를 되돌립니다. 되돌릴 수 없습니다.', 'Its commission is taken back. This cannot be undone.')),
  ];
}

// ---- payouts -----------------------------------------------------------------------------------------------------------------

const why: Record<string, Words> = {
  insufficient_balance: words('남은 금액이 없습니다', 'nothing is left to be paid'),
  not_found: words('확정된 실적이 없거나 그 달이 끝나지 않았습니다', 'nothing was settled, or the month is not over'),
};

const listed = (answers: Item[], name: string): Item[] => answers.flatMap((answer) => (answer[name] ?? []) as Item[]);

/** Of those who were refused, so many are named. */
const named = 10;

/** Who was refused, and why; null: nobody. */
function refusedOf(answers: Item[]): Words | null {
  const refused = listed(answers, 'refused');
  if (refused.length === 0) return null;
  const made = listed(answers, 'payouts').length;
  const said = (language: 'ko' | 'en') =>
    refused.slice(0, named).map((each) => `${textOf(each, 'affiliate_id')}: ${why[textOf(each, 'code')]?.[language] ?? textOf(each, 'code')}`).join('; ');
  const more = refused.length > named ? '; …' : '';
  return words(`${made}건을 만들었고 ${refused.length}건은 만들지 못했습니다. ${said('ko')}${more}`, `${made} made, ${refused.length} refused. ${said('en')}${more}`);
}

function payoutsMade(answers: Item[]): Words {
  const made = listed(answers, 'payouts').length;
  return words(`${made}건을 만들었습니다`, `${made} made`);
}

export const makePayouts: Action = {
  label: words('월별 지급 생성', 'Pay a month'),
  for: 'operator',
  primary: true,
  text: words('그 달에 지급할 것을 매체마다 따로 떼어 둡니다. 은행에는 아직 보내지 않습니다.', 'Sets aside what each affiliate earned in the month. Nothing is sent to the bank yet.'),
  form: true,
  inputs: [{ name: 'month', label: words('월', 'Month'), hint: words('예: 202605', 'Such as 202605'), rule: words('202605처럼 여섯 자리여야 합니다.', 'Must be six digits, such as 202605.') }],
  call: ({ month = '' }) => ({ method: 'POST', path: '/payouts', body: { month } }),
  rest: ({ next = null }, { month = '' }) => (next === null ? null : { method: 'POST', path: '/payouts', body: { month, after: next } }),
  done: payoutsMade,
  refused: refusedOf,
};

/** To whom a month is paid. */
const payee: Fact[] = [
  { label: words('매체', 'Affiliate'), show: { as: 'code', name: 'affiliate_id' } },
  { label: words('이름', 'Name'), show: { as: 'text', name: 'name' } },
  { label: words('월', 'Month'), show: { as: 'code', name: 'month' } },
];
const amountOf = (name: string): Fact => ({ label: words('금액', 'Amount'), show: { as: 'money', name, currency: 'KRW' } });

export const payStatement = (item: Item): Action => ({
  label: words('지급 생성', 'Pay'),
  for: 'operator',
  primary: true,
  text: words('지급할 금액을 따로 떼어 둡니다. 은행에는 아직 보내지 않습니다.', 'Sets the amount aside. Nothing is sent to the bank yet.'),
  subject: { item, facts: [...payee, amountOf('payable')] },
  call: () => ({ method: 'POST', path: '/payouts', body: { month: textOf(item, 'month'), affiliate_id: textOf(item, 'affiliate_id') } }),
  done: words('만들었습니다', 'Made'),
  refused: refusedOf,
});

/** What can be done with a payout as it stands. */
export function payoutActions(item: Item): Action[] {
  if (textOf(item, 'status') !== 'held') return [];
  const path = `/payouts/${textOf(item, 'id')}`;
  const subject = { item, facts: [...payee, amountOf('amount')] };
  return [
    {
      subject,
      label: words('이체 완료', 'Mark as paid'),
      for: 'operator',
      primary: true,
      text: words('은행이 보냈음을 기록합니다. 되돌릴 수 없습니다.', 'Records that the bank has paid. This cannot be undone.'),
      inputs: [{ name: 'reference', label: words('이체 번호', 'The bank’s reference'), optional: true }],
      call: (values) => ({ method: 'POST', path: `${path}/paid`, body: values }),
      done: words('기록했습니다', 'Recorded'),
    },
    {
      subject,
      label: words('이체 실패', 'Mark as failed'),
      for: 'operator',
      grave: true,
      text: words('떼어 둔 금액을 되돌립니다. 그 달의 지급을 다시 만들 수 있습니다.', 'What was set aside is free again, and another payout can be made.'),
      inputs: [{ name: 'reason', label: words('사유', 'Reason'), type: 'multiline', optional: true }],
      call: (values) => ({ method: 'POST', path: `${path}/failed`, body: values }),
      done: words('기록했습니다', 'Recorded'),
    },
  ];
}

/** What is still to be paid of what is shown: a payout that was closed must not reach the bank again. */
export function BankFile({ shown }: { shown: Query }) {
  const say = useSay();
  const { me } = useSession();
  if (!may(me.role, 'operator')) return null;
  return (
    <a class="button button-small" href={at('/payouts.csv', { ...shown, status: 'held' })} download="payouts.csv">
      {say(words('은행 파일(CSV)', 'File for the bank (CSV)'))}
    </a>
  );
}
