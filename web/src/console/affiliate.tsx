// The affiliate door's lists and details: merchants, programmes, affiliates, conversions, payouts.
import { useEffect, useRef } from 'preact/hooks';

import { useLanguage } from '../base/language';
import { ActionButton, rowActions } from './action';
import { affiliateActions, BankFile, conversionActions, editMerchant, editProgram, makeAffiliate, makeMerchant, makePayouts, makeProgram, makePromo, payoutActions, payStatement, programKinds, promoActions, setRate, switchOf } from './affiliate_actions';
import { type Item, textOf } from './api';
import { amountText, Cell, Facts, Nothing, type Show, Status, type Statuses } from './cells';
import { type Detail, recordOf } from './detail';
import { type List, SubList } from './list';
import { Absent, useLoaded } from './load';
import { useSay, type Words, words } from './words';

const optionsOf = (statuses: Statuses): [string, Words][] => Object.entries(statuses).map(([value, [said]]) => [value, said]);

const active: Statuses = { true: [words('사용 중', 'Active'), 'good'], false: [words('중지', 'Off'), 'bad'] };

const rewards: Statuses = {
  NONE: [words('없음', 'None'), 'quiet'],
  REQUESTED: [words('승인 대기', 'Waits for approval'), 'wait'],
  APPROVED: [words('승인', 'Approved'), 'good'],
  REJECTED: [words('거절', 'Rejected'), 'bad'],
};

/** As the protocol numbers them. */
const conversionStatuses: Statuses = {
  100: [words('정상', 'Normal'), 'good'],
  200: [words('정산 대기', 'Waits for settlement'), 'wait'],
  210: [words('정산 완료', 'Settled'), 'good'],
  300: [words('취소 요청', 'Cancel asked'), 'wait'],
  310: [words('취소', 'Cancelled'), 'quiet'],
};

const payoutStatuses: Statuses = {
  held: [words('지급 대기', 'Waits'), 'wait'],
  paid: [words('지급됨', 'Paid'), 'good'],
  failed: [words('실패', 'Failed'), 'bad'],
};

const label = {
  merchant: words('광고주', 'Merchant'),
  merchants: words('광고주', 'Merchants'),
  affiliate: words('매체', 'Affiliate'),
  affiliates: words('매체', 'Affiliates'),
  program: words('프로그램', 'Programme'),
  programs: words('프로그램', 'Programmes'),
  conversion: words('실적', 'Conversion'),
  conversions: words('실적', 'Conversions'),
  payout: words('지급', 'Payout'),
  payouts: words('지급 내역', 'Payouts'),
  click: words('클릭', 'Click'),
  clicks: words('클릭', 'Clicks'),
  month: words('월', 'Month'),
  amount: words('금액', 'Amount'),
  status: words('상태', 'Status'),
  name: words('이름', 'Name'),
  commission: words('수수료', 'Commission'),
};

/** Of clicks. */
const marks: Statuses = {
  repeat: [words('반복', 'Repeat'), 'wait'],
  burst: [words('폭주', 'Burst'), 'wait'],
  bot: [words('봇', 'Bot'), 'bad'],
  program: [words('프로그램', 'Program'), 'bad'],
  look_ahead: [words('미리 보기', 'Looked ahead'), 'quiet'],
};

/** Of conversions: what their judge should know. */
const conversionMarks: Statuses = {
  click_lost: [words('클릭을 찾을 수 없음', 'Click not found'), 'bad'],
  click_foreign: [words('다른 시스템의 클릭', 'Click of another system'), 'wait'],
  robot: [words('봇의 클릭', 'Clicked by a robot'), 'bad'],
  paid_early: [words('클릭 전에 결제', 'Paid before the click'), 'bad'],
};

const badgesOf = (of: Statuses): Show => ({
  as: 'made',
  of: (item) => {
    const found = item['marks'] as string[];
    return found.length === 0 ? <Nothing /> : <span class="badges">{found.map((mark) => <Status key={mark} value={mark} of={of} />)}</span>;
  },
});

const isKnownClick = (conversion: Item): boolean => !(conversion['marks'] as string[]).some((mark) => mark === 'click_lost' || mark === 'click_foreign');

const marksOf = badgesOf(marks);
const conversionMarksOf = badgesOf(conversionMarks);

/** By what a conversion counts as the affiliate's. */
const sources: Record<string, Words> = {
  cps: words('클릭 뒤 구매', 'A sale after a click'),
  cpa: words('클릭 뒤 행동', 'An action after a click'),
  promo: words('프로모션 코드', 'A promotion code'),
  restored: words('되살린 실적', 'Made again'),
};

const none = words('아직 없습니다.', 'There is none yet.');
const noneSuch = words('조건에 맞는 항목이 없습니다.', 'There is no such one.');

const toMerchant: Show = { as: 'link', name: 'merchant_id', to: (item) => ['affiliate', 'merchants', textOf(item, 'merchant_id')] };
const toAffiliate: Show = { as: 'link', name: 'affiliate_id', to: (item) => ['affiliate', 'affiliates', textOf(item, 'affiliate_id')] };

export const merchants: List = {
  title: label.merchants,
  source: '/merchants',
  member: 'merchants',
  cursor: 'after',
  filters: [{ name: 'lists', label: words('실적 목록', 'Daily list'), options: [['behind', words('받지 못한 것이 있음', 'Some could not be fetched')]] }],
  columns: [
    { label: label.merchant, show: toMerchant },
    { label: label.name, show: { as: 'text', name: 'name' } },
    { label: label.status, show: { as: 'status', name: 'active', of: active } },
    { label: words('일괄 정산', 'Settles by list'), show: { as: 'flag', name: 'batch' } },
    { label: words('추적 기간(일)', 'Return days'), show: { as: 'number', name: 'return_days' }, end: true },
  ],
  empty: noneSuch,
  actions: (again) => <ActionButton action={makeMerchant} onDone={again} />,
};

export const merchant = (id: string): Detail => ({
  source: `/merchants/${encodeURIComponent(id)}`,
  kind: label.merchant,
  back: { to: ['affiliate', 'merchants'], label: label.merchants },
  name: (item) => textOf(item, 'name'),
  status: { as: 'status', name: 'active', of: active },
  facts: [
    { label: words('번호', 'Id'), show: { as: 'code', name: 'merchant_id' } },
    { label: words('게이트웨이', 'Gateway'), show: { as: 'code', name: 'gateway_url' } },
    { label: words('홈', 'Home'), show: { as: 'text', name: 'home_url' } },
    { label: words('딥링크', 'Deep links'), show: { as: 'flag', name: 'deeplinks' } },
    { label: words('일괄 정산', 'Settles by list'), show: { as: 'flag', name: 'batch' } },
    { label: words('실적 목록', 'Daily list'), show: { as: 'text', name: 'list_url' } },
    { label: words('목록을 요청한 날', 'Lists asked for up to'), show: { as: 'text', name: 'lists.asked' } },
    { label: words('목록을 반영한 날', 'Lists in the books up to'), show: { as: 'text', name: 'lists.done' } },
    { label: words('추적 기간(일)', 'Return days'), show: { as: 'number', name: 'return_days' } },
    { label: words('초당 요청', 'Requests a second'), show: { as: 'number', name: 'rate' } },
  ],
  actions: (item) => [editMerchant(item), switchOf(`/merchants/${encodeURIComponent(id)}`, item['active'] === true)],
  more: () => <SubList list={{ ...programs, fixed: { merchant: id }, actions: (again) => <ActionButton action={makeProgram(id)} onDone={again} /> }} />,
});

const toProgram: Show = { as: 'link', name: 'name', to: (item) => ['affiliate', 'programs', textOf(item, 'program')] };

export const programs: List = {
  title: label.programs,
  source: '/programs',
  member: 'programs',
  cursor: 'after',
  filters: [{ name: 'merchant', label: label.merchant }],
  columns: [
    { label: label.program, show: toProgram },
    { label: label.merchant, show: toMerchant },
    { label: words('종류', 'Kind'), show: { as: 'word', name: 'kind', of: Object.fromEntries(programKinds) } },
    { label: label.status, show: { as: 'status', name: 'active', of: active } },
    { label: words('기본', 'Base'), show: { as: 'text', name: 'base' }, end: true },
    { label: words('인센티브', 'Incentive'), show: { as: 'text', name: 'incentive' }, end: true },
    { label: words('네트워크 수수료', 'Fee'), show: { as: 'text', name: 'fee' }, end: true },
    { label: words('기간(일)', 'Window (days)'), show: { as: 'number', name: 'window_days' }, end: true },
  ],
  empty: none,
  actions: (again) => <ActionButton action={makeProgram()} onDone={again} />,
};

/** What is paid for a code, or once the sales of a month have reached an amount. */
type CodeRate = { code?: string; from_sales?: number; base: string; incentive: string };

/** Rates of their own, one in a line. */
function Rates({ rates }: { rates: CodeRate[] }) {
  const language = useLanguage();
  if (rates.length === 0) return <Nothing />;
  return (
    <ul class="keys">
      {rates.map(({ code, from_sales: from, base, incentive }) => (
        <li key={code ?? from}>
          {code ?? `${amountText(String(from), 'KRW', language)}~`} <code>{`${base} + ${incentive}`}</code>
        </li>
      ))}
    </ul>
  );
}

const ratesOf = (name: string): Show => ({ as: 'made', of: (item) => <Rates rates={item[name] as CodeRate[]} /> });

export const program = (id: string): Detail => ({
  source: `/programs/${encodeURIComponent(id)}`,
  kind: label.program,
  back: { to: ['affiliate', 'programs'], label: label.programs },
  name: (item) => textOf(item, 'name'),
  status: { as: 'status', name: 'active', of: active },
  facts: [
    { label: label.merchant, show: toMerchant },
    { label: words('코드', 'Code'), show: { as: 'code', name: 'code' } },
    { label: words('종류', 'Kind'), show: { as: 'word', name: 'kind', of: Object.fromEntries(programKinds) } },
    { label: words('행동 이름', 'Action'), show: { as: 'text', name: 'action_name' } },
    { label: words('기본', 'Base'), show: { as: 'text', name: 'base' } },
    { label: words('인센티브', 'Incentive'), show: { as: 'text', name: 'incentive' } },
    { label: words('네트워크 수수료', 'Fee'), show: { as: 'text', name: 'fee' } },
    { label: words('인정 기간(일)', 'Window (days)'), show: { as: 'number', name: 'window_days' } },
    { label: words('월 매출 구간', 'Tiers of a month’s sales'), show: ratesOf('tiers') },
    { label: words('분류별', 'By category'), show: ratesOf('by_category') },
    { label: words('상품별', 'By product'), show: ratesOf('by_product') },
    { label: words('시작', 'Begins'), show: { as: 'time', name: 'starts_at' } },
    { label: words('끝', 'Ends'), show: { as: 'time', name: 'ends_at' } },
  ],
  actions: (item) => [editProgram(item), switchOf(`/programs/${encodeURIComponent(id)}`, item['active'] === true)],
});

export const affiliates: List = {
  title: label.affiliates,
  source: '/affiliates',
  member: 'affiliates',
  cursor: 'after',
  filters: [{ name: 'reward', label: words('보상 통지', 'Postbacks'), options: optionsOf(rewards) }],
  columns: [
    { label: label.affiliate, show: toAffiliate },
    { label: label.name, show: { as: 'text', name: 'name' } },
    { label: words('사이트', 'Site'), show: { as: 'text', name: 'site_name' } },
    { label: label.status, show: { as: 'status', name: 'active', of: active } },
    { label: words('보상 통지', 'Postbacks'), show: { as: 'status', name: 'reward.status', of: rewards } },
  ],
  empty: noneSuch,
  actions: (again) => <ActionButton action={makeAffiliate} onDone={again} />,
};

export const affiliate = (id: string): Detail => ({
  source: `/affiliates/${encodeURIComponent(id)}`,
  kind: label.affiliate,
  back: { to: ['affiliate', 'affiliates'], label: label.affiliates },
  name: (item) => textOf(item, 'name'),
  status: { as: 'status', name: 'active', of: active },
  facts: [
    { label: words('번호', 'Id'), show: { as: 'code', name: 'affiliate_id' } },
    { label: words('사이트', 'Site'), show: { as: 'text', name: 'site_name' } },
    { label: words('이메일', 'E-mail'), show: { as: 'text', name: 'email' } },
    { label: words('보상 통지', 'Postbacks'), show: { as: 'status', name: 'reward.status', of: rewards } },
    { label: words('통지 주소', 'Postback URL'), show: { as: 'code', name: 'reward.postback_url' } },
    { label: words('uniq_id도 보냄', 'Sends uniq_id'), show: { as: 'flag', name: 'reward.uniq_id' } },
    { label: words('승인 일시', 'Approved'), show: { as: 'time', name: 'reward.approved_at' } },
  ],
  actions: affiliateActions,
  more: (item) => (
    <>
      <SubList list={{ ...conversions, fixed: { affiliate: id } }} />
      <SubList list={statements(id)} />
      <BankAccount affiliate={item} />
    </>
  ),
});

/** Where its payouts go; of the number the last four digits. Loaded anew whenever the affiliate is. */
function BankAccount({ affiliate: of }: { affiliate: Item }) {
  const say = useSay();
  const [loaded, again] = useLoaded<Item>(`/affiliates/${encodeURIComponent(textOf(of, 'affiliate_id'))}/bank-account`);
  const shown = useRef(of);
  useEffect(() => {
    if (shown.current !== of) again();
    shown.current = of;
  }, [of]);
  return (
    <section class="sub-list">
      <h2>{say(words('계좌', 'Bank account'))}</h2>
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : textOf(loaded.value, 'account') === '' ? (
        <p class="card empty muted">{say(words('정한 계좌가 없습니다. 지급을 보낼 수 없습니다.', 'None was set: payouts cannot be sent.'))}</p>
      ) : (
        <section class="card">
          <Facts
            item={loaded.value}
            facts={[
              { label: words('은행', 'Bank'), show: { as: 'text', name: 'bank' } },
              { label: words('계좌 번호', 'Account number'), show: { as: 'code', name: 'account' } },
              { label: words('예금주', 'Holder'), show: { as: 'text', name: 'holder' } },
            ]}
          />
        </section>
      )}
    </section>
  );
}

const statements = (id: string): List => ({
  title: words('정산서', 'Statements'),
  source: `/affiliates/${encodeURIComponent(id)}/statements`,
  member: 'statements',
  columns: [
    { label: words('월', 'Month'), show: { as: 'code', name: 'month' } },
    { label: words('정산', 'Settled'), show: { as: 'number', name: 'settled' }, end: true },
    { label: words('취소', 'Cancelled'), show: { as: 'number', name: 'cancelled' }, end: true },
    { label: words('매출', 'Sales'), show: { as: 'money', name: 'sales', currency: 'KRW' }, end: true },
    { label: label.commission, show: { as: 'money', name: 'commission', currency: 'KRW' }, end: true },
    { label: label.payout, show: { as: 'status', name: 'payout.status', of: payoutStatuses } },
  ],
  empty: none,
});

export const conversions: List = {
  title: label.conversions,
  source: '/conversions',
  member: 'conversions',
  cursor: 'before',
  filters: [
    { name: 'merchant', label: label.merchant },
    { name: 'affiliate', label: label.affiliate },
    { name: 'order_code', label: words('주문', 'Order') },
    { name: 'u_id', label: words('매체의 회원(u_id)', 'The site’s user (u_id)') },
    { name: 'status', label: label.status, options: optionsOf(conversionStatuses) },
    { name: 'from', label: words('이날부터', 'From'), type: 'day' },
    { name: 'to', label: words('이날까지', 'To'), type: 'day' },
  ],
  columns: [
    { label: label.conversion, show: { as: 'link', name: 'trlog_id', to: (item) => ['affiliate', 'conversions', textOf(item, 'trlog_id')] } },
    { label: label.merchant, show: toMerchant },
    { label: label.affiliate, show: toAffiliate },
    { label: label.status, show: { as: 'status', name: 'status', of: conversionStatuses } },
    { label: words('표시', 'Marks'), show: conversionMarksOf },
    { label: words('날짜', 'Date'), show: { as: 'text', name: 'date' } },
    { label: words('주문', 'Order'), show: { as: 'code', name: 'order_code' } },
    { label: label.commission, show: { as: 'money', name: 'commission', currency: 'KRW' }, end: true },
  ],
  empty: none,
};

export const conversion = (id: string): Detail => ({
  source: `/conversions/${encodeURIComponent(id)}`,
  kind: label.conversion,
  back: { to: ['affiliate', 'conversions'], label: label.conversions },
  name: (item) => textOf(item, 'trlog_id'),
  status: {
    as: 'made',
    of: (item) => (
      <span class="badges">
        <Status value={textOf(item, 'status')} of={conversionStatuses} />
        {(item['marks'] as string[]).length > 0 && <Cell item={item} show={conversionMarksOf} />}
      </span>
    ),
  },
  facts: [
    { label: label.merchant, show: toMerchant },
    { label: label.affiliate, show: toAffiliate },
    { label: label.program, show: { as: 'link', name: 'program_code', to: (item) => ['affiliate', 'programs', textOf(item, 'program')] } },
    { label: words('주문', 'Order'), show: { as: 'code', name: 'order_code' } },
    { label: label.click, show: { as: 'link', name: 'click_id', to: (item) => (isKnownClick(item) ? ['affiliate', 'clicks', textOf(item, 'click_id')] : null) } },
    { label: words('인정 방식', 'Counts by'), show: { as: 'word', name: 'source', of: sources } },
    { label: words('기기', 'Device'), show: deviceOf },
    { label: words('매체의 회원(u_id)', 'The site’s user (u_id)'), show: { as: 'code', name: 'u_id' } },
    { label: words('날짜', 'Date'), show: { as: 'text', name: 'date' } },
    { label: words('주문 일시', 'Ordered'), show: { as: 'time', name: 'happened_at' } },
    { label: words('확정 일시', 'Confirmed'), show: { as: 'time', name: 'confirmed_at' } },
    { label: words('취소 일시', 'Cancelled'), show: { as: 'time', name: 'canceled_at' } },
    { label: words('상품', 'Product'), show: { as: 'text', name: 'product_name' } },
    { label: words('상품 코드', 'Product code'), show: { as: 'code', name: 'product_code' } },
    { label: words('분류', 'Category'), show: { as: 'code', name: 'category_code' } },
    { label: words('수량', 'Quantity'), show: { as: 'number', name: 'quantity' } },
    { label: words('매출', 'Sale'), show: { as: 'money', name: 'price', currency: 'KRW' } },
    { label: words('광고주가 보낸 금액', 'Price as sent'), show: { as: 'money', name: 'sent_price' } },
    { label: words('기본 요율', 'Base rate'), show: { as: 'text', name: 'base_commission' } },
    { label: words('인센티브 요율', 'Incentive rate'), show: { as: 'text', name: 'incentive_commission' } },
    { label: words('네트워크 수수료율', 'Fee rate'), show: { as: 'text', name: 'fee_rate' } },
    { label: label.commission, show: { as: 'money', name: 'commission', currency: 'KRW' } },
    { label: words('네트워크 수수료', 'Fee'), show: { as: 'money', name: 'fee', currency: 'KRW' } },
    { label: words('정정으로 되돌린 매출', 'Taken back by corrections'), show: { as: 'money', name: 'corrected', currency: 'KRW' } },
    { label: words('원래 실적', 'Made of'), show: { as: 'link', name: 'origin', to: (item) => ['affiliate', 'conversions', textOf(item, 'origin')] } },
    { label: words('기록', 'Record'), show: recordOf('record') },
  ],
  actions: conversionActions,
});

const toPayout: Show = { as: 'link', name: 'id', to: (item) => ['affiliate', 'payouts', textOf(item, 'id')] };

export const payout = (id: string): Detail => ({
  source: `/payouts/${encodeURIComponent(id)}`,
  kind: label.payout,
  back: { to: ['affiliate', 'payouts'], label: label.payouts },
  name: (item) => `${textOf(item, 'affiliate_id')} ${textOf(item, 'month')}`,
  status: { as: 'status', name: 'status', of: payoutStatuses },
  facts: [
    { label: words('번호', 'Id'), show: { as: 'code', name: 'id' } },
    { label: label.affiliate, show: toAffiliate },
    { label: label.name, show: { as: 'text', name: 'name' } },
    { label: label.month, show: { as: 'code', name: 'month' } },
    { label: label.amount, show: { as: 'money', name: 'amount', currency: 'KRW' } },
    { label: words('생성 일시', 'Made'), show: { as: 'time', name: 'made_at' } },
    { label: words('종료 일시', 'Closed'), show: { as: 'time', name: 'closed_at' } },
    { label: words('이체 번호나 사유', 'Reference or reason'), show: { as: 'text', name: 'note' } },
    { label: words('기록', 'Record'), show: recordOf('record') },
  ],
  actions: payoutActions,
});

/** Months that can be paid and were not yet. */
export const unpaid: List = {
  title: words('지급 전 정산서', 'Statements to pay'),
  source: '/statements/unpaid',
  member: 'statements',
  columns: [
    { label: label.affiliate, show: toAffiliate },
    { label: label.name, show: { as: 'text', name: 'name' } },
    { label: label.month, show: { as: 'code', name: 'month' } },
    { label: words('이체 실패', 'A payout failed'), show: { as: 'flag', name: 'failed' } },
    { label: label.commission, show: { as: 'money', name: 'commission', currency: 'KRW' }, end: true },
    { label: words('지급 가능', 'Payable'), show: { as: 'money', name: 'payable', currency: 'KRW' }, end: true },
    rowActions((item) => [payStatement(item)]),
  ],
  empty: words('지급할 것이 없습니다.', 'There is nothing to pay.'),
};

export const payouts: List = {
  title: label.payouts,
  source: '/payouts',
  member: 'payouts',
  filters: [
    { name: 'month', label: words('월(202605)', 'Month (202605)') },
    { name: 'status', label: label.status, options: optionsOf(payoutStatuses) },
  ],
  columns: [
    { label: label.payout, show: toPayout },
    { label: label.affiliate, show: toAffiliate },
    { label: words('월', 'Month'), show: { as: 'code', name: 'month' } },
    { label: label.status, show: { as: 'status', name: 'status', of: payoutStatuses } },
    { label: words('생성 일시', 'Made'), show: { as: 'time', name: 'made_at' } },
    { label: label.amount, show: { as: 'money', name: 'amount', currency: 'KRW' }, end: true },
    rowActions(payoutActions),
  ],
  empty: noneSuch,
  actions: (again, shown) => (
    <>
      <BankFile shown={shown} />
      <ActionButton action={makePayouts} onDone={again} />
    </>
  ),
};

const deviceOf: Show = {
  as: 'word',
  name: 'device',
  of: {
    'web-pc': words('PC 웹', 'Web on a PC'),
    'web-mobile': words('모바일 웹', 'Web on a phone'),
    'app-ios': words('iOS 앱', 'iOS app'),
    'app-android': words('안드로이드 앱', 'Android app'),
  },
};

export const clicks: List = {
  title: label.clicks,
  source: '/clicks',
  member: 'clicks',
  filters: [
    { name: 'merchant_id', label: label.merchant },
    { name: 'affiliate_id', label: label.affiliate },
    { name: 'u_id', label: words('매체의 회원(u_id)', 'The site’s user (u_id)') },
    { name: 'mark', label: words('표시', 'Mark'), options: [['none', words('없음', 'None')], ...optionsOf(marks)] },
    { name: 'from', label: words('이날부터', 'From'), type: 'date' },
    { name: 'to', label: words('이날까지', 'To'), type: 'until' },
  ],
  columns: [
    { label: label.click, show: { as: 'link', name: 'click_id', to: (item) => ['affiliate', 'clicks', textOf(item, 'click_id')] } },
    { label: words('일시', 'When'), show: { as: 'time', name: 'at' } },
    { label: label.merchant, show: toMerchant },
    { label: label.affiliate, show: toAffiliate },
    { label: words('기기', 'Device'), show: deviceOf },
    { label: words('표시', 'Marks'), show: marksOf },
  ],
  empty: noneSuch,
};

const dayMs = 86_400_000;
/** Seoul's day so many days ago, 2026-05-25. */
const daysAgo = (days: number): string => new Date(Date.now() + 9 * 3_600_000 - days * dayMs).toISOString().slice(0, 10);

/** Clicks by day, affiliate and merchant, the oldest first; of the last thirty days unless others are asked for. */
export const dailyClicks = (): List => ({
  title: words('일별 클릭', 'Clicks by day'),
  source: '/clicks/daily',
  member: 'days',
  filters: [
    { name: 'merchant_id', label: label.merchant },
    { name: 'affiliate_id', label: label.affiliate },
    { name: 'from', label: words('이날부터', 'From'), type: 'day', value: daysAgo(30) },
    { name: 'to', label: words('이날까지', 'To'), type: 'day' },
  ],
  columns: [
    { label: words('날짜', 'Day'), show: { as: 'made', of: (item) => textOf(item, 'day').replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3') } },
    { label: label.affiliate, show: toAffiliate },
    { label: label.merchant, show: toMerchant },
    { label: label.clicks, show: { as: 'number', name: 'clicks' }, end: true },
    { label: words('방문자', 'Visitors'), show: { as: 'number', name: 'unique' }, end: true },
    { label: words('표시된 클릭', 'Marked'), show: { as: 'number', name: 'marked' }, end: true },
  ],
  empty: words('이 기간에 클릭이 없습니다.', 'There were no clicks in these days.'),
  note: words('방문자는 서로 다른 사람의 수로, 127명을 넘으면 추정값(표준 오차 3.3 %)입니다. 표시된 클릭은 클릭에도 들어 있습니다.', 'Visitors are different people: exact up to 127, then an estimate with a standard error of 3.3 %. Marked clicks count as clicks, too.'),
});

export const promos: List = {
  title: words('프로모션 코드', 'Promotion codes'),
  source: '/affiliate/promos',
  member: 'promos',
  cursor: 'after',
  columns: [
    { label: words('프로모션 코드', 'Promotion code'), show: { as: 'code', name: 'promo_code' } },
    { label: words('행사 코드', 'Event'), show: { as: 'code', name: 'event_code' } },
    { label: label.merchant, show: toMerchant },
    { label: label.affiliate, show: toAffiliate },
    { label: label.status, show: { as: 'status', name: 'active', of: active } },
    { label: words('시작', 'Begins'), show: { as: 'time', name: 'starts_at' } },
    { label: words('끝', 'Ends'), show: { as: 'time', name: 'ends_at' } },
    rowActions(promoActions),
  ],
  empty: none,
  actions: (again) => <ActionButton action={makePromo} onDone={again} />,
};

export const exchangeRates: List = {
  title: words('통화 환율', 'Exchange rates'),
  source: '/rates',
  member: 'rates',
  cursor: 'before',
  filters: [{ name: 'currency', label: words('통화', 'Currency'), value: 'USD' }],
  columns: [
    { label: words('통화', 'Currency'), show: { as: 'code', name: 'currency' } },
    { label: words('날짜', 'Day'), show: { as: 'text', name: 'date' } },
    { label: words('1단위의 원화', 'Won for one unit'), show: { as: 'text', name: 'krw_per_unit' }, end: true },
  ],
  empty: words('이 통화의 환율이 없습니다.', 'The currency has no rate.'),
  actions: (again, { currency = '' }) => <ActionButton key={currency} action={setRate(currency)} onDone={again} />,
};

export const click = (id: string): Detail => ({
  source: `/clicks/${encodeURIComponent(id)}`,
  kind: label.click,
  back: { to: ['affiliate', 'clicks'], label: label.clicks },
  name: (item) => textOf(item, 'click_id'),
  facts: [
    { label: words('일시', 'When'), show: { as: 'time', name: 'at' } },
    { label: label.merchant, show: toMerchant },
    { label: label.affiliate, show: toAffiliate },
    { label: words('링크', 'Link'), show: { as: 'code', name: 'l' } },
    { label: words('링크 코드 1', 'Link code 1'), show: { as: 'code', name: 'l_cd1' } },
    { label: words('링크 코드 2', 'Link code 2'), show: { as: 'code', name: 'l_cd2' } },
    { label: words('매체의 회원(u_id)', 'The site’s user (u_id)'), show: { as: 'code', name: 'u_id' } },
    { label: words('기기', 'Device'), show: deviceOf },
    { label: words('방문자', 'Visitor'), show: { as: 'code', name: 'visitor' } },
    { label: words('표시', 'Marks'), show: marksOf },
  ],
});
