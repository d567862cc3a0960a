// The invoice door's lists and details: invoices, requests to cancel, subscriptions and their bills.
import { dateTime } from '../base/format';
import { useLanguage } from '../base/language';
import { type Action, rowActions } from './action';
import { type Item, textOf } from './api';
import { AmountLeft, amountText, type Fact, type Show, Status, type Statuses } from './cells';
import { deliveriesOf } from './deliveries';
import { type Detail, recordOf } from './detail';
import { type List, SubList, Table } from './list';
import { useSay, type Words, words } from './words';

const invoiceStatuses: Statuses = {
  ready: [words('결제 전', 'Not paid'), 'quiet'],
  paid: [words('결제됨', 'Paid'), 'good'],
  refunding: [words('환불 중', 'Being refunded'), 'wait'],
  refunded: [words('환불됨', 'Refunded'), 'quiet'],
  cancelled: [words('취소됨', 'Cancelled'), 'quiet'],
  expired: [words('만료', 'Expired'), 'quiet'],
};

const cancelStatuses: Statuses = {
  requested: [words('결정 대기', 'Waits for a decision'), 'wait'],
  refunding: [words('환불 중', 'Being refunded'), 'wait'],
  done: [words('환불됨', 'Refunded'), 'good'],
  failed: [words('실패', 'Failed'), 'bad'],
  rejected: [words('거절', 'Rejected'), 'quiet'],
  withdrawn: [words('철회', 'Withdrawn'), 'quiet'],
};

const subscriptionStatuses: Statuses = {
  active: [words('이용 중', 'Active'), 'good'],
  paused: [words('일시정지', 'Paused'), 'wait'],
  held: [words('미납 정지', 'Held: a bill failed'), 'bad'],
  ended: [words('만료', 'Ended'), 'quiet'],
  terminated: [words('해지', 'Terminated'), 'quiet'],
};

const billStatuses: Statuses = {
  ready: [words('예정', 'Ready'), 'quiet'],
  charging: [words('결제 중', 'Being charged'), 'wait'],
  done: [words('결제됨', 'Paid'), 'good'],
  failed: [words('실패', 'Failed'), 'bad'],
  cancelled: [words('취소됨', 'Cancelled'), 'quiet'],
  terminated: [words('해지', 'Terminated'), 'quiet'],
};

const methods: Record<string, Words> = { card: words('카드', 'Card') };

/** Why a card was not charged; an acquirer has codes of its own, too. */
const declines: Record<string, Words> = {
  card_declined: words('카드 거절', 'Card declined'),
  expired_card: words('카드 만료', 'Card expired'),
  insufficient_funds: words('한도나 잔액 부족', 'Insufficient funds'),
  not_a_test_card: words('시험 카드가 아님', 'Not a test card'),
  authentication_failed: words('본인 인증 실패', 'Authentication failed'),
  processing_error: words('결제사 오류', 'Error of the acquirer'),
};

const optionsOf = (statuses: Statuses) => Object.entries(statuses).map(([value, [label]]): [string, typeof label] => [value, label]);

const label = {
  invoice: words('청구서', 'Invoice'),
  invoices: words('청구서', 'Invoices'),
  seller: words('판매자', 'Seller'),
  status: words('상태', 'Status'),
  amount: words('금액', 'Amount'),
  refunded: words('환불', 'Refunded'),
  customer: words('고객', 'Customer'),
  made: words('발행', 'Made'),
  order: words('주문번호', 'Order number'),
  subscription: words('구독', 'Subscription'),
  subscriptions: words('구독', 'Subscriptions'),
  search: words('이름, 고객, 번호', 'Name, customer, number'),
  month: words('회차', 'Month'),
  record: words('기록', 'Record'),
};

const toInvoice = (name: string): Show => ({ as: 'link', name, to: (item) => ['invoice', 'invoices', textOf(item, 'invoice_id')] });
const toSubscription: Show = { as: 'link', name: 'subscription_id', to: (item) => ['invoice', 'subscriptions', textOf(item, 'subscription_id')] };
const seller = { label: label.seller, show: { as: 'text', name: 'app.name' } as Show };

const ofSeller = { name: 'app', label: words('판매자 키(client_key)', 'Seller’s client_key') };

export const invoices: List = {
  title: label.invoices,
  source: '/invoice/invoices',
  member: 'invoices',
  filters: [
    { name: 'status', label: label.status, options: optionsOf(invoiceStatuses) },
    { name: 'q', label: label.search },
    ofSeller,
  ],
  columns: [
    { label: label.invoice, show: toInvoice('name') },
    seller,
    { label: label.customer, show: { as: 'text', name: 'user.name' } },
    { label: label.status, show: { as: 'status', name: 'status', of: invoiceStatuses } },
    { label: label.made, show: { as: 'time', name: 'created_at' } },
    { label: label.amount, show: { as: 'money', name: 'amount' }, end: true },
  ],
  empty: words('조건에 맞는 청구서가 없습니다.', 'There is no such invoice.'),
};

export const invoice = (id: string): Detail => ({
  source: `/invoice/invoices/${encodeURIComponent(id)}`,
  kind: label.invoice,
  back: { to: ['invoice', 'invoices'], label: label.invoices },
  name: (item) => textOf(item, 'name'),
  status: { as: 'status', name: 'status', of: invoiceStatuses },
  facts: [
    { label: words('번호', 'Id'), show: { as: 'code', name: 'invoice_id' } },
    { label: words('요청 번호', 'request_id'), show: { as: 'code', name: 'request_id' } },
    seller,
    { label: label.customer, show: { as: 'text', name: 'user.name' } },
    { label: label.amount, show: { as: 'money', name: 'amount' } },
    { label: label.refunded, show: { as: 'money', name: 'refunded' } },
    { label: label.order, show: { as: 'code', name: 'order_number' } },
    { label: words('결제 수단', 'Paid by'), show: { as: 'word', name: 'method', of: methods } },
    { label: label.made, show: { as: 'time', name: 'created_at' } },
    { label: words('결제', 'Paid'), show: { as: 'time', name: 'purchased_at' } },
    { label: words('기한', 'Until'), show: { as: 'time', name: 'expires_at' } },
    { label: words('쇼핑몰 페이지에서 발행', 'Made by a page'), show: { as: 'flag', name: 'by_browser' } },
    { label: label.record, show: recordOf('record') },
    { label: words('주문의 기록', 'Record of the order'), show: recordOf('order_record') },
  ],
  more: (item) => (
    <>
      <Lines item={item} />
      <SubList list={deliveriesOf(id, words('이 청구서의 전송', 'Deliveries of this invoice'))} />
    </>
  ),
});

function Lines({ item }: { item: Item }) {
  const say = useSay();
  const title = words('품목', 'Items');
  return (
    <section class="sub-list">
      <h2>{say(title)}</h2>
      <Table
        label={say(title)}
        items={(item['items'] ?? []) as Item[]}
        columns={[
          { label: words('상품', 'Product'), show: { as: 'text', name: 'name' } },
          { label: words('수량', 'Quantity'), show: { as: 'number', name: 'quantity' }, end: true },
          { label: words('단가', 'Unit price'), show: { as: 'money', name: 'unit_price', currency: 'KRW' }, end: true },
        ]}
      />
    </section>
  );
}

export const orders: List = {
  title: words('청구서 주문', 'Invoice orders'),
  source: '/invoice/orders',
  member: 'orders',
  filters: [ofSeller],
  columns: [
    { label: label.order, show: toInvoice('order_number') },
    seller,
    { label: label.customer, show: { as: 'text', name: 'user.name' } },
    { label: label.status, show: { as: 'status', name: 'status', of: invoiceStatuses } },
    { label: words('결제', 'Paid'), show: { as: 'time', name: 'purchased_at' } },
    { label: label.amount, show: { as: 'money', name: 'amount' }, end: true },
    { label: label.refunded, show: { as: 'money', name: 'refunded' }, end: true },
  ],
  empty: words('결제된 주문이 없습니다.', 'Nothing was paid yet.'),
};

/** What is asked to be cancelled. */
const cancelFacts: Fact[] = [
  { label: label.order, show: { as: 'code', name: 'order_number' } },
  seller,
  { label: words('요청 사유', 'Reason given'), show: { as: 'text', name: 'reason' } },
  { label: words('요청 금액', 'Asked for'), show: { as: 'money', name: 'amount' } },
];

const anyAmount = {
  optional: true,
  hint: words('비우면 남은 금액 모두', 'Empty: all that is left'),
  rule: words('0보다 큰 정수여야 합니다.', 'Must be a whole number above zero.'),
};

const amountUpTo = (most: string) => ({
  value: most,
  most,
  hint: words('요청한 금액까지. 일부만 돌려줄 수 있습니다.', 'At most what was asked for; a part may be given.'),
  rule: words(`0보다 크고 ${amountText(most, 'KRW', 'ko')}까지의 정수여야 합니다.`, `Must be a whole number above zero, at most ${amountText(most, 'KRW', 'en')}.`),
});

/** What can be decided of a request to cancel: one that the card network refused can be tried again. */
function cancelActions(item: Item): Action[] {
  if (!['requested', 'failed'].includes(textOf(item, 'status'))) return [];
  const path = `/invoice/cancels/${encodeURIComponent(textOf(item, 'cancel_id'))}`;
  // Nothing: what is left of the order.
  const asked = textOf(item, 'amount');
  const subject = { item, facts: cancelFacts };
  return [
    {
      subject,
      label: words('환불 승인', 'Grant'),
      for: 'operator',
      grave: true,
      text: words('결제한 돈을 돌려줍니다. 되돌릴 수 없습니다.', 'Gives the money back. This cannot be undone.'),
      inputs: [
        {
          name: 'amount',
          label: words('돌려줄 금액(원)', 'Amount to give back (won)'),
          type: 'number',
          ...(asked === '' ? anyAmount : amountUpTo(asked)),
        },
      ],
      call: ({ amount = '' }) => ({ method: 'POST', path: `${path}/approve`, body: amount === '' ? {} : { amount } }),
      done: words('환불을 시작했습니다', 'The refund is under way'),
    },
    {
      subject,
      label: words('환불 거절', 'Reject'),
      for: 'operator',
      text: words('돈을 돌려주지 않고 요청을 끝냅니다.', 'Ends the request. Nothing goes back.'),
      inputs: [{ name: 'message', label: words('사유', 'Reason'), type: 'multiline', optional: true }],
      call: (values) => ({ method: 'POST', path: `${path}/reject`, body: values }),
      done: words('거절했습니다', 'Rejected'),
    },
  ];
}

export const cancels: List = {
  title: words('취소 요청', 'Requests to cancel'),
  source: '/invoice/cancels',
  member: 'cancels',
  filters: [
    { name: 'status', label: label.status, options: optionsOf(cancelStatuses) },
    { name: 'cancel', label: words('요청 번호', 'Request id') },
    ofSeller,
  ],
  columns: [
    { label: words('요청', 'Request'), show: { as: 'code', name: 'cancel_id' } },
    { label: words('사유', 'Reason'), show: { as: 'text', name: 'reason' } },
    { label: label.order, show: toInvoice('order_number') },
    seller,
    { label: label.status, show: { as: 'status', name: 'status', of: cancelStatuses } },
    { label: words('요청 일시', 'Asked'), show: { as: 'time', name: 'created_at' } },
    { label: label.amount, show: { as: 'money', name: 'amount' }, end: true },
    { label: label.record, show: recordOf('record') },
    rowActions(cancelActions),
  ],
  empty: words('조건에 맞는 요청이 없습니다.', 'There is no such request.'),
};

export const subscriptions: List = {
  title: label.subscriptions,
  source: '/invoice/subscriptions',
  member: 'subscriptions',
  filters: [
    { name: 'status', label: label.status, options: optionsOf(subscriptionStatuses) },
    { name: 'change', label: words('변경 요청', 'Change'), options: [['waits', words('결정 대기', 'Waits')], ['none', words('없음', 'None')]] },
    { name: 'q', label: label.search },
    ofSeller,
  ],
  columns: [
    { label: label.order, show: { as: 'link', name: 'order_number', to: (item) => ['invoice', 'subscriptions', textOf(item, 'subscription_id')] } },
    seller,
    { label: label.customer, show: { as: 'code', name: 'user_id' } },
    { label: words('카드', 'Card'), show: { as: 'text', name: 'card' } },
    { label: label.status, show: { as: 'status', name: 'status', of: subscriptionStatuses } },
    { label: words('결정 대기', 'Change waits'), show: { as: 'flag', name: 'change_waits' } },
    { label: words('최근 결제', 'Last paid'), show: { as: 'time', name: 'paid_at' } },
    { label: label.month, show: { as: 'number', name: 'month' }, end: true },
  ],
  empty: words('조건에 맞는 구독이 없습니다.', 'There is no such subscription.'),
};

const changeTypes: Statuses = {
  termination: [words('해지', 'To end'), 'wait'],
  purchase: [words('인수', 'To buy it out'), 'wait'],
  transfer: [words('양도', 'To hand it on'), 'wait'],
};

/** What can be decided of the customer's request that is open. */
function changeActions(item: Item): Action[] {
  if (item['change'] === null) return [];
  const path = `/invoice/subscriptions/${encodeURIComponent(textOf(item, 'subscription_id'))}/change`;
  const judge = (verb: 'approve' | 'reject', said: Words, text: Words, done: Words): Action => ({
    label: said,
    for: 'operator',
    grave: verb === 'approve',
    text,
    inputs: [{ name: 'reason', label: words('사유', 'Reason'), type: 'multiline', optional: true }],
    call: (values) => ({ method: 'POST', path: `${path}/${verb}`, body: values }),
    done,
  });
  return [
    judge('approve', words('변경 승인', 'Grant'), words('요청한 대로 바로 합니다. 위약금과 환불은 계약대로 계산합니다. 되돌릴 수 없습니다.', 'Does at once what is asked for. Fees and refunds are what the contract says. This cannot be undone.'), words('승인했습니다', 'Granted')),
    judge('reject', words('변경 거절', 'Reject'), words('구독은 그대로 이어집니다.', 'The subscription goes on as it is.'), words('거절했습니다', 'Rejected')),
  ];
}

export const subscription = (id: string): Detail => ({
  source: `/invoice/subscriptions/${encodeURIComponent(id)}`,
  kind: label.subscription,
  back: { to: ['invoice', 'subscriptions'], label: label.subscriptions },
  name: (item) => textOf(item, 'order_number'),
  status: { as: 'status', name: 'status', of: subscriptionStatuses },
  facts: [
    { label: words('번호', 'Id'), show: { as: 'code', name: 'subscription_id' } },
    { label: label.invoice, show: toInvoice('invoice_id') },
    seller,
    { label: label.customer, show: { as: 'code', name: 'user_id' } },
    { label: words('카드', 'Card'), show: { as: 'text', name: 'card' } },
    { label: label.month, show: { as: 'number', name: 'month' } },
    { label: words('시작', 'Began'), show: { as: 'time', name: 'started_at' } },
    { label: words('최근 결제', 'Last paid'), show: { as: 'time', name: 'paid_at' } },
    { label: words('최근 실패', 'Last failed'), show: { as: 'time', name: 'failed_at' } },
    { label: words('다시 시작', 'Goes on'), show: { as: 'time', name: 'wakes_at' } },
    { label: words('종료', 'Ended'), show: { as: 'time', name: 'ended_at' } },
    { label: words('변경 요청', 'Asked for'), show: { as: 'status', name: 'change.type', of: changeTypes } },
    { label: words('요청 일시', 'Asked'), show: { as: 'time', name: 'change.requested_at' } },
    { label: words('요청 사유', 'Reason'), show: { as: 'text', name: 'change.reason' } },
    { label: words('원하는 종료일', 'Wants to end'), show: { as: 'time', name: 'change.ends_at' } },
    { label: words('인수 금액', 'Bought out for'), show: { as: 'money', name: 'change.price', currency: 'KRW' } },
    { label: words('넘겨받을 고객', 'Handed on to'), show: { as: 'text', name: 'change.user.name' } },
  ],
  actions: changeActions,
  more: () => <SubList list={{ ...bills, fixed: { subscription: id } }} />,
});

const billKinds: Record<string, Words> = {
  month: words('월 요금', 'Monthly'),
  fee: words('위약금', 'Fee for leaving'),
  on_demand: words('수시 청구', 'On demand'),
  purchase: words('인수 금액', 'Bought out'),
};

/** Which month of its subscription a bill is of, or for what else it is. */
function BilledFor({ item }: { item: Item }) {
  const say = useSay();
  const kind = billKinds[textOf(item, 'kind')];
  return (
    <span class="stacked">
      {item['kind'] === 'month' && <span class="number">{textOf(item, 'month')}</span>}
      <small class="muted">{kind ? say(kind) : textOf(item, 'kind')}</small>
    </span>
  );
}

/** How a bill stands; of one that was not paid why, how often it was tried, and when it will be again. */
function BillStatus({ item }: { item: Item }) {
  const say = useSay();
  const language = useLanguage();
  const code = textOf(item, 'code');
  const tries = Number(textOf(item, 'tries'));
  const retry = textOf(item, 'retry_at');
  return (
    <span class="stacked">
      <Status value={textOf(item, 'status')} of={billStatuses} />
      {code !== '' && <small class="muted">{declines[code] ? say(declines[code]) : code}</small>}
      {tries > 0 && <small class="muted">{say(words(`${tries}번 실패`, tries === 1 ? 'Failed once' : `Failed ${tries} times`))}</small>}
      {retry !== '' && <small class="muted">{`${say(words('다음 시도', 'Next try'))} ${dateTime(retry, language)}`}</small>}
    </span>
  );
}

export const bills: List = {
  title: words('정기결제', 'Bills'),
  source: '/invoice/bills',
  member: 'bills',
  filters: [
    { name: 'status', label: label.status, options: optionsOf(billStatuses) },
    { name: 'bill', label: words('정기결제 번호', 'Bill id') },
    ofSeller,
  ],
  columns: [
    { label: words('정기결제', 'Bill'), show: { as: 'code', name: 'bill_id' } },
    { label: label.subscription, show: toSubscription },
    seller,
    { label: label.month, show: { as: 'made', of: (item) => <BilledFor item={item} /> } },
    { label: label.status, show: { as: 'made', of: (item) => <BillStatus item={item} /> } },
    { label: words('예정', 'Due'), show: { as: 'time', name: 'due_at' } },
    { label: words('결제', 'Paid'), show: { as: 'time', name: 'paid_at' } },
    { label: label.amount, show: { as: 'made', of: (item) => <AmountLeft item={item} /> }, end: true },
  ],
  empty: words('조건에 맞는 정기결제가 없습니다.', 'There is no such bill.'),
};
