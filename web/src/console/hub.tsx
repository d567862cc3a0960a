// The hub's lists and details: orders, partners, campaigns, reviews.
import { useLanguage } from '../base/language';
import type { Action } from './action';
import { type Item, textOf } from './api';
import { AmountLeft, amountText, Cell, leftOf, Nothing, type Statuses } from './cells';
import { deliveriesOf } from './deliveries';
import { type Detail, recordOf } from './detail';
import { type Column, type List, SubList, Table } from './list';
import { Link } from './route';
import { useSay, type Words, words } from './words';

const orderStatuses: Statuses = {
  CREATED: [words('결제 전', 'Not paid'), 'quiet'],
  PAID: [words('결제됨', 'Paid'), 'wait'],
  CONSUMED: [words('사용됨', 'Used'), 'good'],
  CANCELLED: [words('취소됨', 'Cancelled'), 'quiet'],
  EXPIRED: [words('만료', 'Expired'), 'quiet'],
  REFUNDING: [words('환불 중', 'Being refunded'), 'wait'],
  REFUNDED: [words('환불됨', 'Refunded'), 'quiet'],
};

const attentions: Statuses = {
  UNCONSUMED: [words('미사용 대기', 'Waits unused'), 'wait'],
  ONBOARD_FAILED: [words('온보딩 실패', 'Onboarding failed'), 'bad'],
  REFUND_FAILED: [words('환불 실패', 'Refund failed'), 'bad'],
};

export const campaignStatuses: Statuses = {
  TEMPORARY_SAVED: [words('임시저장', 'Draft'), 'quiet'],
  UNDER_REVIEW: [words('심사중', 'Under review'), 'wait'],
  READY: [words('준비완료', 'Ready'), 'good'],
  IN_PROGRESS: [words('진행중', 'In progress'), 'good'],
  REVISION_REQUESTED: [words('수정요청', 'Changes requested'), 'wait'],
  COMPLETED: [words('완료', 'Completed'), 'quiet'],
  REJECTED: [words('반려', 'Rejected'), 'bad'],
};

const reviewStatuses: Statuses = {
  1213: [words('작성 중', 'Being written'), 'quiet'],
  1218: [words('검수 대기', 'Waits for approval'), 'wait'],
  1214: [words('승인', 'Approved'), 'good'],
  1219: [words('반려', 'Rejected'), 'bad'],
  1215: [words('삭제됨', 'Deleted'), 'quiet'],
};

const applyStatuses: Statuses = {
  '0801': [words('선정 검토', 'Under selection'), 'wait'],
  '0802': [words('선정', 'Selected'), 'good'],
  '0803': [words('미선정', 'Not selected'), 'quiet'],
  '0804': [words('구매로 선정', 'Selected by purchase'), 'good'],
};

const optionsOf = (statuses: Statuses) => Object.entries(statuses).map(([value, [label]]): [string, typeof label] => [value, label]);

const label = {
  order: words('주문', 'Order'),
  orders: words('캠페인 주문', 'Campaign orders'),
  partner: words('파트너', 'Partner'),
  partners: words('파트너', 'Partners'),
  campaign: words('캠페인', 'Campaign'),
  campaigns: words('캠페인', 'Campaigns'),
  reviews: words('리뷰', 'Reviews'),
  reviewer: words('리뷰어', 'Reviewer'),
  status: words('상태', 'Status'),
  attention: words('확인할 일', 'Attention'),
  app: words('앱', 'App'),
  amount: words('금액', 'Amount'),
  product: words('상품', 'Product'),
  paidAt: words('결제', 'Paid'),
  at: words('일시', 'When'),
  reward: words('보상', 'Reward'),
  record: words('기록', 'Record'),
  search: words('이름, 번호, 이메일', 'Name, number, e-mail'),
};

const isRefunded = (order: Item): boolean => textOf(order, 'refunded') !== '0';

function Left({ item }: { item: Item }) {
  return <span class="number">{amountText(leftOf(item), textOf(item, 'currency'), useLanguage())}</span>;
}

const orderColumns: Column[] = [
  { label: label.order, show: { as: 'link', name: 'orderCode', to: (item) => ['hub', 'orders', textOf(item, 'orderCode')] } },
  { label: label.product, show: { as: 'text', name: 'productName' } },
  { label: label.app, show: { as: 'text', name: 'app' } },
  { label: label.status, show: { as: 'status', name: 'status', of: orderStatuses } },
  { label: label.attention, show: { as: 'status', name: 'attention', of: attentions } },
  { label: label.paidAt, show: { as: 'time', name: 'paidAt' } },
  { label: label.amount, show: { as: 'made', of: (item) => <AmountLeft item={item} /> }, end: true },
];

export const orders: List = {
  title: label.orders,
  source: '/hub/orders',
  member: 'orders',
  filters: [
    { name: 'status', label: label.status, options: optionsOf(orderStatuses) },
    { name: 'attention', label: label.attention, options: [['1', words('확인할 주문만', 'Only those')]] },
  ],
  columns: orderColumns,
  empty: words('조건에 맞는 주문이 없습니다.', 'There is no such order.'),
};

export const order = (code: string): Detail => ({
  source: `/hub/orders/${encodeURIComponent(code)}`,
  kind: label.order,
  back: { to: ['hub', 'orders'], label: label.orders },
  name: (item) => textOf(item, 'orderCode'),
  status: { as: 'status', name: 'status', of: orderStatuses },
  facts: [
    { label: label.product, show: { as: 'text', name: 'productName' } },
    { label: label.amount, show: { as: 'money', name: 'amount' } },
    { label: words('환불', 'Refunded'), show: { as: 'money', name: 'refunded' } },
    { label: words('남은 금액', 'Left'), show: { as: 'made', of: (item) => <Left item={item} /> } },
    { label: label.app, show: { as: 'text', name: 'app' } },
    { label: label.attention, show: { as: 'status', name: 'attention', of: attentions } },
    { label: words('구매자', 'Buyer'), show: { as: 'text', name: 'buyerEmail' } },
    { label: words('리드 번호', 'Lead'), show: { as: 'code', name: 'leadRef' } },
    { label: label.paidAt, show: { as: 'time', name: 'paidAt' } },
    { label: words('결제 기한', 'Pay until'), show: { as: 'time', name: 'expiresAt' } },
    { label: label.record, show: recordOf('record') },
    { label: words('사용한 기록', 'Used by record'), show: recordOf('consumedBy') },
  ],
  actions: (item) =>
    ['PAID', 'CONSUMED'].includes(textOf(item, 'status'))
      ? [
          {
            label: words('환불', 'Refund'),
            for: 'operator',
            grave: true,
            text: refundText(item),
            inputs: [{ name: 'reason', label: words('사유', 'Reason'), type: 'multiline' }],
            call: ({ reason = '' }) => ({ method: 'POST', path: `/admin/orders/${encodeURIComponent(code)}/refund`, body: { reason } }),
            done: words('환불을 시작했습니다', 'The refund has begun'),
          },
        ]
      : [],
  more: () => <SubList list={deliveriesOf(code, words('이 주문의 전송', 'Deliveries of this order'))} />,
});

/** What a refund of an order gives back, and what it undoes. */
function refundText(order: Item): Words {
  const said = (value: string, language: 'ko' | 'en') => amountText(value, textOf(order, 'currency'), language);
  const amount = leftOf(order);
  const back = isRefunded(order)
    ? words(
        `이미 ${said(textOf(order, 'refunded'), 'ko')}을 돌려주었습니다. 남은 ${said(amount, 'ko')}을 돌려줍니다.`,
        `${said(textOf(order, 'refunded'), 'en')} went back already. What is left, ${said(amount, 'en')}, goes back.`,
      )
    : words(`결제한 ${said(amount, 'ko')}을 모두 돌려줍니다.`, `All that was paid, ${said(amount, 'en')}, goes back.`);
  const undone = order['consumedBy'] === null ? words('', '') : words(' 이 주문으로 만든 캠페인을 되돌립니다.', ' The campaign that was made from it is undone.');
  return words(`${back.ko}${undone.ko} 취소할 수 없습니다.`, `${back.en}${undone.en} This cannot be taken back.`);
}

export const partners: List = {
  title: label.partners,
  source: '/hub/partners',
  member: 'partners',
  filters: [
    { name: 'access', label: words('접근 요청', 'Asks for access'), options: [['requested', words('요청이 있는 파트너만', 'Only those')]] },
    { name: 'q', label: label.search },
  ],
  columns: [
    { label: label.partner, show: { as: 'link', name: 'companyName', to: (item) => ['hub', 'partners', textOf(item, 'partnerId')] } },
    { label: words('사업자번호', 'Business number'), show: { as: 'code', name: 'businessNumber' } },
    { label: words('이메일', 'E-mail'), show: { as: 'text', name: 'email' } },
    { label: label.app, show: { as: 'text', name: 'app' } },
    { label: words('접근 요청', 'Asks for access'), show: { as: 'number', name: 'accessRequests' }, end: true },
    { label: words('사용 가능', 'Available'), show: { as: 'money', name: 'available' }, end: true },
    { label: words('묶인 금액', 'Held'), show: { as: 'money', name: 'held' }, end: true },
  ],
  empty: words('조건에 맞는 파트너가 없습니다.', 'There is no such partner.'),
};

const depositKinds: Statuses = {
  charge: [words('충전', 'Top-up'), 'good'],
  reward: [words('보상', 'Reward'), 'quiet'],
  refund: [words('환불', 'Refund'), 'wait'],
};

export const partner = (id: string): Detail => ({
  source: `/hub/partners/${encodeURIComponent(id)}`,
  kind: label.partner,
  back: { to: ['hub', 'partners'], label: label.partners },
  name: (item) => textOf(item, 'companyName'),
  facts: [
    { label: words('번호', 'Id'), show: { as: 'code', name: 'partnerId' } },
    { label: words('사업자번호', 'Business number'), show: { as: 'code', name: 'businessNumber' } },
    { label: words('담당자', 'Contact'), show: { as: 'text', name: 'contact.name' } },
    { label: words('담당자 이메일', 'Contact’s e-mail'), show: { as: 'text', name: 'contact.email' } },
    { label: words('담당자 전화', 'Contact’s phone'), show: { as: 'text', name: 'contact.phone' } },
    { label: words('로그인 주소', 'Signs in as'), show: { as: 'text', name: 'manager.email' } },
    { label: words('비밀번호 있음', 'Has a password'), show: { as: 'flag', name: 'manager.hasPassword' } },
    { label: words('초대', 'Invitation'), show: { as: 'status', name: 'invite.status', of: { open: [words('열림', 'Open'), 'wait'], used: [words('사용됨', 'Used'), 'good'], expired: [words('만료', 'Expired'), 'quiet'] } } },
    { label: words('사용 가능', 'Available'), show: { as: 'money', name: 'deposit.available' } },
    { label: words('묶인 금액', 'Held'), show: { as: 'money', name: 'deposit.held' } },
    { label: label.app, show: { as: 'text', name: 'app' } },
    { label: words('등록', 'Since'), show: { as: 'time', name: 'createdAt' } },
  ],
  actions: (item) => [
    {
      label: words('다시 초대', 'Invite again'),
      for: 'operator',
      text: words('새 초대장을 보냅니다. 앞선 초대장은 더 쓸 수 없습니다.', 'A new invitation goes out. The one before works no more.'),
      call: () => ({ method: 'POST', path: `/admin/partners/${id}/invite` }),
      done: words('초대했습니다', 'Invited'),
      secrets: [['link', words('초대 링크', 'Link of the invitation')]],
    },
    {
      label: words('담당자 변경', 'Change contact'),
      for: 'operator',
      text: words('다른 주소로 바꾸면 앞선 담당자의 비밀번호와 초대장이 끝납니다.', 'Another address ends the password and the invitations of the contact before.'),
      inputs: [
        { name: 'email', label: words('이메일', 'E-mail'), type: 'email', value: textOf(item, 'contact.email') },
        { name: 'name', label: words('이름', 'Name'), value: textOf(item, 'contact.name') },
        { name: 'phone', label: words('전화', 'Phone'), value: textOf(item, 'contact.phone') },
      ],
      call: (values) => ({ method: 'PUT', path: `/admin/partners/${id}/contact-info`, body: values }),
      done: words('변경했습니다', 'Changed'),
    },
    ...accessActions(item),
    ...withdrawActions(item),
  ],
  more: (item) => (
    <>
      <Managers item={item} />
      <SubList list={{ ...campaigns, fixed: { partner: id } }} />
      <SubList
        list={{
          title: words('예치금 내역', 'Deposit'),
          source: `/hub/partners/${id}/deposit`,
          member: 'history',
          columns: [
            { label: label.at, show: { as: 'time', name: 'at' } },
            { label: words('종류', 'Kind'), show: { as: 'status', name: 'kind', of: depositKinds } },
            { label: label.campaign, show: { as: 'link', name: 'campaignId', to: (row) => ['hub', 'campaigns', textOf(row, 'campaignId')] } },
            { label: label.order, show: { as: 'link', name: 'orderCode', to: (row) => ['hub', 'orders', textOf(row, 'orderCode')] } },
            { label: label.amount, show: { as: 'money', name: 'amount' }, end: true },
          ],
          empty: words('거래가 없습니다.', 'Nothing was booked yet.'),
        }}
      />
    </>
  ),
});

const accessActions = (item: Item) =>
  ((item['accessRequests'] ?? []) as Item[]).flatMap((request): Action[] => {
    const email = textOf(request, 'email');
    const path = `/admin/access-requests/${textOf(request, 'managerId')}`;
    return [
      {
        label: words(`${email} 승인`, `Let in ${email}`),
        for: 'operator',
        primary: true,
        text: words('이 주소로 초대장을 보내고 이 파트너의 캠페인과 예치금을 보게 합니다.', 'An invitation goes to this address; it then sees the partner’s campaigns and deposit.'),
        call: () => ({ method: 'POST', path: `${path}/confirm` }),
        done: words('승인했습니다', 'Let in'),
        secrets: [['link', words('초대 링크', 'Link of the invitation')]],
      },
      {
        label: words(`${email} 거절`, `Decline ${email}`),
        for: 'operator',
        text: words('이 주소로 거절했다는 메일을 보냅니다. 캠페인은 그대로이고, 다음 캠페인으로 다시 요청할 수 있습니다.', 'The address is told by mail. Its campaign stays, and its next one may ask again.'),
        call: () => ({ method: 'POST', path: `${path}/decline` }),
        done: words('거절했습니다', 'Declined'),
      },
    ];
  });

const withdrawActions = (item: Item) =>
  managersOf(item)
    .filter((manager) => manager['contact'] !== true)
    .map((manager): Action => {
      const email = textOf(manager, 'email');
      return {
        label: words(`${email} 권한 회수`, `Withdraw ${email}`),
        for: 'operator',
        grave: true,
        text: words('이 담당자는 바로 로그아웃되고 다시 로그인할 수 없습니다. 이 주소로 회수했다는 메일을 보냅니다.', 'This manager is signed out at once and cannot sign in again. The address is told by mail.'),
        call: () => ({ method: 'POST', path: `/admin/managers/${textOf(manager, 'managerId')}/withdraw` }),
        done: words('권한을 회수했습니다', 'Access withdrawn'),
      };
    });

const managersOf = (item: Item) => (item['managers'] ?? []) as Item[];

/** Who comes into the partner's portal. */
function Managers({ item }: { item: Item }) {
  const say = useSay();
  const title = words('포털 접근 권한', 'Access to the portal');
  return (
    <section class="sub-list">
      <h2>{say(title)}</h2>
      <Table
        label={say(title)}
        items={managersOf(item)}
        columns={[
          { label: words('이름', 'Name'), show: { as: 'text', name: 'name' } },
          { label: words('로그인 주소', 'Signs in as'), show: { as: 'text', name: 'email' } },
          { label: words('대표 담당자', 'Contact'), show: { as: 'flag', name: 'contact' } },
          { label: words('비밀번호 있음', 'Has a password'), show: { as: 'flag', name: 'hasPassword' } },
          { label: words('시작', 'Since'), show: { as: 'time', name: 'since' } },
        ]}
      />
    </section>
  );
}

export const campaigns: List = {
  title: label.campaigns,
  source: '/hub/campaigns',
  member: 'campaigns',
  filters: [{ name: 'status', label: label.status, options: optionsOf(campaignStatuses) }],
  columns: [
    { label: label.campaign, show: { as: 'link', name: 'productName', to: (item) => ['hub', 'campaigns', textOf(item, 'campaignId')] } },
    { label: label.partner, show: { as: 'link', name: 'companyName', to: (item) => ['hub', 'partners', textOf(item, 'partnerId')] } },
    { label: label.status, show: { as: 'status', name: 'status', of: campaignStatuses } },
    { label: words('시작', 'Begins'), show: { as: 'time', name: 'startAt' } },
    { label: words('인원', 'Places'), show: { as: 'number', name: 'offers' }, end: true },
    { label: words('지급', 'Paid reviews'), show: { as: 'number', name: 'paidReviews' }, end: true },
    { label: label.reward, show: { as: 'money', name: 'reward' }, end: true },
    { label: words('묶인 금액', 'Held'), show: { as: 'money', name: 'held' }, end: true },
  ],
  empty: words('조건에 맞는 캠페인이 없습니다.', 'There is no such campaign.'),
};

const reason = { name: 'reason', label: words('사유', 'Reason'), type: 'multiline' as const, hint: words('판매 사이트에 그대로 전해집니다.', 'The sales site gets it as it is.') };

export const campaign = (id: string): Detail => ({
  source: `/hub/campaigns/${encodeURIComponent(id)}`,
  kind: label.campaign,
  back: { to: ['hub', 'campaigns'], label: label.campaigns },
  name: (item) => textOf(item, 'productName'),
  status: { as: 'status', name: 'status', of: campaignStatuses },
  facts: [
    { label: words('번호', 'Id'), show: { as: 'code', name: 'campaignId' } },
    { label: label.partner, show: { as: 'link', name: 'companyName', to: (item) => ['hub', 'partners', textOf(item, 'partnerId')] } },
    { label: label.order, show: { as: 'link', name: 'orderCode', to: (item) => ['hub', 'orders', textOf(item, 'orderCode')] } },
    { label: words('판매 채널', 'Sales channel'), show: { as: 'text', name: 'channel' } },
    { label: words('구매 페이지', 'Page of the product'), show: { as: 'made', of: (item) => <Outside url={textOf(item, 'purchaseUrl')} /> } },
    { label: words('상품 가격', 'Product price'), show: { as: 'money', name: 'productPrice' } },
    { label: label.reward, show: { as: 'money', name: 'reward' } },
    { label: words('인원', 'Places'), show: { as: 'number', name: 'offers' } },
    { label: words('지급한 리뷰', 'Paid reviews'), show: { as: 'number', name: 'paidReviews' } },
    { label: words('묶인 금액', 'Held'), show: { as: 'money', name: 'held' } },
    { label: words('시작', 'Begins'), show: { as: 'time', name: 'startAt' } },
    { label: words('끝', 'Ends'), show: { as: 'time', name: 'endAt' } },
    { label: words('리뷰 마감', 'Reviews due'), show: { as: 'time', name: 'reviewsDueAt' } },
    { label: words('다음 단계', 'Next step'), show: { as: 'time', name: 'nextStepAt' } },
    { label: label.record, show: recordOf('record') },
  ],
  actions: (item) => campaignActions(item),
  more: (item) => (
    <>
      <Applications item={item} />
      <SubList list={{ ...reviews, fixed: { campaign: id } }} />
    </>
  ),
});

/** What can be done with a campaign as it stands: judged while it waits, ended while it keeps some of the deposit. */
function campaignActions(item: Item): Action[] {
  const path = `/admin/campaigns/${encodeURIComponent(textOf(item, 'campaignId'))}`;
  const approve: Action = {
    label: words('승인', 'Approve'),
    for: 'operator',
    primary: true,
    text: words('예치금에서 보상 예산을 묶고 캠페인을 준비 상태로 둡니다.', 'The deposit keeps the budget of all rewards, and the campaign becomes ready.'),
    call: () => ({ method: 'POST', path: `${path}/approve` }),
    done: words('승인했습니다', 'Approved'),
  };
  const askForChanges: Action = {
    label: words('수정 요청', 'Ask for changes'),
    for: 'operator',
    text: words('캠페인을 판매 사이트로 돌려보냅니다.', 'The campaign goes back to the sales site.'),
    inputs: [reason],
    call: ({ reason: said = '' }) => ({ method: 'POST', path: `${path}/request-revision`, body: { reason: said } }),
    done: words('수정을 요청했습니다', 'Asked for changes'),
  };
  const reject = (label: Words, text: Words, done: Words): Action => ({
    label,
    for: 'operator',
    grave: true,
    text,
    inputs: [reason],
    call: ({ reason: said = '' }) => ({ method: 'POST', path: `${path}/reject`, body: { reason: said } }),
    done,
  });
  const rejectIt = reject(words('반려', 'Reject'), words('캠페인을 끝냅니다. 되돌릴 수 없습니다.', 'The campaign ends. This cannot be taken back.'), words('반려했습니다', 'Rejected'));
  switch (textOf(item, 'status')) {
    case 'UNDER_REVIEW':
      return [approve, askForChanges, rejectIt];
    case 'REVISION_REQUESTED':
      return [approve, rejectIt];
    case 'READY':
    case 'IN_PROGRESS':
      return [
        reject(
          words('캠페인 종료', 'End the campaign'),
          words('캠페인을 지금 끝내고, 예치금에서 묶어 둔 남은 금액을 풉니다. 아직 승인하지 않은 리뷰에는 보상을 지급하지 않습니다. 되돌릴 수 없습니다.', 'The campaign ends now, and what it still keeps of the deposit is free again. Reviews that were not approved yet are not paid. This cannot be taken back.'),
          words('캠페인을 종료했습니다', 'The campaign has ended'),
        ),
      ];
    default:
      return [];
  }
}

function Applications({ item }: { item: Item }) {
  const say = useSay();
  const title = words('지원 (처음 100건)', 'Applications (the first hundred)');
  const applications = (item['applications'] ?? []) as Item[];
  if (applications.length === 0) return null;
  return (
    <section class="sub-list">
      <h2>{say(title)}</h2>
      <Table
        label={say(title)}
        items={applications}
        columns={[
          { label: words('지원', 'Application'), show: { as: 'code', name: 'applyId' } },
          { label: label.reviewer, show: { as: 'text', name: 'reviewer' } },
          { label: label.status, show: { as: 'status', name: 'statusCode', of: applyStatuses } },
        ]}
      />
    </section>
  );
}

/** An address that others gave, which is followed only where it leads to a page. */
function Outside({ url }: { url: string }) {
  if (url === '') return <Nothing />;
  if (!/^https?:\/\//i.test(url)) return <>{url}</>;
  return (
    <a class="long" href={url} target="_blank" rel="noopener noreferrer">
      {url}
    </a>
  );
}

/** What the reviewer wrote, and where. */
function Written({ item }: { item: Item }) {
  const url = textOf(item, 'url');
  const text = textOf(item, 'text');
  if (url === '' && text === '') return <Nothing />;
  return (
    <div class="written">
      {text !== '' && <p>{text}</p>}
      {url !== '' && <Outside url={url} />}
    </div>
  );
}

/** The reward, which leads to the record that paid it. */
function Reward({ item }: { item: Item }) {
  const paid = textOf(item, 'rewardRecord');
  const amount = <Cell item={item} show={{ as: 'money', name: 'reward' }} />;
  return paid === '' ? amount : <Link to={['ledger', 'explain', paid]}>{amount}</Link>;
}

export const reviews: List = {
  title: label.reviews,
  source: '/hub/reviews',
  member: 'reviews',
  filters: [
    { name: 'status', label: label.status, options: optionsOf(reviewStatuses) },
    { name: 'review', label: words('리뷰 번호', 'Review id') },
  ],
  columns: [
    { label: words('리뷰', 'Review'), show: { as: 'code', name: 'reviewId' } },
    { label: label.reviewer, show: { as: 'text', name: 'reviewer' } },
    { label: label.campaign, show: { as: 'link', name: 'productName', to: (item) => ['hub', 'campaigns', textOf(item, 'campaignId')] } },
    { label: label.status, show: { as: 'status', name: 'statusCode', of: reviewStatuses } },
    { label: label.at, show: { as: 'time', name: 'at' } },
    { label: words('내용', 'Text'), show: { as: 'made', of: (item) => <Written item={item} /> } },
    { label: label.reward, show: { as: 'made', of: (item) => <Reward item={item} /> }, end: true },
    { label: words('작성 기록', 'Written in'), show: recordOf('record') },
  ],
  empty: words('조건에 맞는 리뷰가 없습니다.', 'There is no such review.'),
};
