// The purchase door's lists and details: shops, purchases, blocks.
import { useLanguage } from '../base/language';
import { Heading, useTitle } from '../base/ui';
import { type Item, member, textOf } from './api';
import { amountText, Code, decimalOf, Nothing, type Show, type Statuses } from './cells';
import { type Detail } from './detail';
import { type List, ListView, SubList, Table } from './list';
import { Absent, useLoaded } from './load';
import { Link, type Place } from './route';
import { useSay, type Words, words } from './words';

const statuses: Statuses = {
  pending: [words('지급 대기', 'Points wait'), 'wait'],
  provided: [words('지급됨', 'Points given'), 'good'],
  cancelled: [words('취소됨', 'Cancelled'), 'quiet'],
};

const label = {
  holder: words('상점 시스템', 'Shop system'),
  purchases: words('구매', 'Purchases'),
};

const short = (name: string): Show => ({ as: 'made', of: (item) => <code title={textOf(item, name)}>{`${textOf(item, name).slice(0, 12)}…`}</code> });

const scale = 18;

function Amount({ units, currency }: { units: string; currency: string }) {
  return <span class="number">{amountText(decimalOf(units, scale), currency.toUpperCase(), useLanguage(), scale)}</span>;
}

/** An amount as the wire of purchases has it, a text of 10^-18 units, in full. */
const units = (name: string, currencyOf: (item: Item) => string): Show => ({
  as: 'made',
  of: (item) => (member(item, name) === null ? <Nothing /> : <Amount units={textOf(item, name)} currency={currencyOf(item)} />),
});

const currencyOf = (item: Item): string => textOf(item, 'tx.currency');
const total = { label: words('합계', 'Total'), show: units('tx.totalAmount', currencyOf) };
const nobody = `0x${'0'.repeat(40)}`;
const isForNobody = (item: Item): boolean => ['', nobody].includes(textOf(item, 'loyalty.account.account'));
const points: { label: Words; show: Show } = {
  label: words('적립', 'Points'),
  show: { as: 'made', of: (item) => (isForNobody(item) ? <Nothing /> : <Amount units={textOf(item, 'loyalty.loyaltyPoint')} currency="POINT" />) },
};

/** Who gets the points: a wallet, a phone that has none, or nobody. */
function Beneficiary({ item, full = false }: { item: Item; full?: boolean }) {
  const say = useSay();
  if (isForNobody(item)) return <Nothing />;
  const account = textOf(item, 'loyalty.account.account');
  const shown = full ? <Code value={account} /> : <code title={account}>{`${account.slice(0, 12)}…`}</code>;
  if (textOf(item, 'loyalty.account.accountType') !== 'phone') return shown;
  return (
    <span>
      {say(words('전화', 'Phone'))} {shown}
    </span>
  );
}

export const shops: List = {
  title: words('상점', 'Shops'),
  source: '/purchase/shops',
  member: 'shops',
  filters: [
    { name: 'holder', label: words('상점 시스템 번호', 'Shop system’s number') },
    { name: 'q', label: words('상점 번호', 'Shop id') },
  ],
  columns: [
    { label: words('상점', 'Shop'), show: { as: 'link', name: 'shopId', to: (item) => ['purchase', 'shops', textOf(item, 'shopId')] } },
    { label: label.holder, show: { as: 'number', name: 'holder' } },
    { label: words('사용', 'Active'), show: { as: 'flag', name: 'active' } },
    { label: words('발행', 'Issued'), show: { as: 'money', name: 'issued' }, end: true },
    { label: words('지급 대기', 'Promised'), show: { as: 'money', name: 'promised' }, end: true },
  ],
  empty: words('이 조건의 상점이 없습니다.', 'There is no such shop.'),
};

export const shop = (id: string): Detail => ({
  source: `/purchase/shops/${encodeURIComponent(id)}`,
  kind: words('상점', 'Shop'),
  back: { to: ['purchase', 'shops'], label: words('상점', 'Shops') },
  name: (item) => textOf(item, 'shopId'),
  facts: [
    { label: label.holder, show: { as: 'number', name: 'holder' } },
    { label: words('사용', 'Active'), show: { as: 'flag', name: 'active' } },
    { label: words('발행', 'Issued'), show: { as: 'money', name: 'issued' } },
    { label: words('지급 대기', 'Promised'), show: { as: 'money', name: 'promised' } },
    { label: words('원장 계정', 'Account'), show: { as: 'link', name: 'account', to: (item) => ['ledger', 'accounts', textOf(item, 'account')] } },
  ],
  actions: (item) => {
    const active = item['active'] === true;
    return [
      {
        label: active ? words('사용 중지', 'Switch off') : words('다시 사용', 'Switch on'),
        for: 'operator',
        grave: active,
        text: active ? words('이 상점의 새 구매를 받지 않습니다.', 'New purchases of this shop are refused.') : words('이 상점의 구매를 다시 받습니다.', 'Purchases of this shop are taken again.'),
        call: () => ({ method: 'PUT', path: `/purchase/shops/${id}`, body: { holder: item['holder'] ?? 0, active: !active } }),
        done: words('변경했습니다', 'Changed'),
      },
    ];
  },
  more: (item) => <SubList list={{ ...purchasesOf(textOf(item, 'holder')), fixed: { shop: id } }} />,
});

const purchasesOf = (holder: string): List => ({
  title: label.purchases,
  source: `/purchase/holders/${encodeURIComponent(holder)}/purchases`,
  member: 'items',
  filters: [
    { name: 'status', label: words('상태', 'Status'), options: Object.entries(statuses).map(([value, [label]]): [string, typeof label] => [value, label]) },
    { name: 'account', label: words('지갑이나 전화 해시', 'Wallet or phone hash') },
  ],
  columns: [
    { label: words('구매', 'Purchase'), show: { as: 'link', name: 'tx.purchaseId', to: (item) => ['purchase', 'purchases', holder, textOf(item, 'tx.purchaseId')] } },
    { label: words('상점', 'Shop'), show: short('tx.shopId') },
    { label: words('상태', 'Status'), show: { as: 'status', name: 'status', of: statuses } },
    { label: words('기록', 'Recorded'), show: { as: 'time', name: 'recordedAt' } },
    { label: words('적립 대상', 'Points for'), show: { as: 'made', of: (item) => <Beneficiary item={item} /> } },
    { ...total, end: true },
    { ...points, end: true },
  ],
  empty: words('이 조건의 구매가 없습니다.', 'There is no such purchase.'),
});

const nameOf = (holder: Item): string => `${textOf(holder, 'holder')} · ${textOf(holder, 'system')}`;

/** The purchases of one holder, chosen among all. */
export function Purchases({ place }: { place: Place }) {
  const say = useSay();
  useTitle(say(label.purchases));
  const [loaded, again] = useLoaded<{ holders: Item[] }>('/purchase/holders');
  if (loaded.is !== 'there') return <Absent loaded={loaded} again={again} />;
  const { holders } = loaded.value;
  const [first] = holders;
  if (first === undefined) return <NoHolder />;
  const firstHolder = textOf(first, 'holder');
  const list = purchasesOf(place.query['holder'] ?? firstHolder);
  const filters = [
    { name: 'holder', label: label.holder, value: firstHolder, options: holders.map((each): [string, Words] => [textOf(each, 'holder'), words(nameOf(each), nameOf(each))]) },
    ...(list.filters ?? []),
  ];
  return <ListView list={{ ...list, filters, drop: ['holder'] }} place={place} />;
}

function NoHolder() {
  const say = useSay();
  return (
    <>
      <div class="view-header">
        <Heading>{say(label.purchases)}</Heading>
      </div>
      <p class="card empty muted">
        {say(words('아직 상점 시스템이 없습니다. 등록하면 여기에 구매가 쌓입니다.', 'There is no shop system yet. Once there is one, its purchases are listed here.'))}{' '}
        <Link to={['apps']}>{say(words('앱과 키', 'Apps and keys'))}</Link>
      </p>
    </>
  );
}

export const purchase = (holder: string, id: string): Detail => ({
  source: `/purchase/holders/${encodeURIComponent(holder)}/purchases/${encodeURIComponent(id)}`,
  kind: words('구매', 'Purchase'),
  back: { to: ['purchase', 'purchases'], query: { holder }, label: label.purchases },
  name: () => id,
  status: { as: 'status', name: 'status', of: statuses },
  facts: [
    { label: words('순번', 'Sequence'), show: { as: 'code', name: 'tx.sequence' } },
    { label: words('상점', 'Shop'), show: { as: 'link', name: 'tx.shopId', to: (item) => ['purchase', 'shops', textOf(item, 'tx.shopId')] } },
    total,
    { label: words('현금 결제', 'Paid in cash'), show: units('tx.cashAmount', currencyOf) },
    points,
    { label: words('적립 대상', 'Points for'), show: { as: 'made', of: (item) => <Beneficiary item={item} full /> } },
    { label: words('기록', 'Recorded'), show: { as: 'time', name: 'recordedAt' } },
    { label: words('블록', 'Block'), show: { as: 'text', name: 'block.height' } },
    { label: words('서명자', 'Signer'), show: { as: 'code', name: 'tx.signer' } },
    { label: words('서명', 'Signature'), show: { as: 'made', of: (item) => <Code value={textOf(item, 'tx.signature')} /> } },
  ],
  more: (item) => <Lines item={item} />,
});

function Lines({ item }: { item: Item }) {
  const say = useSay();
  const title = words('품목', 'Items');
  return (
    <section class="sub-list">
      <h2>{say(title)}</h2>
      <Table
        label={say(title)}
        items={(member(item, 'tx.details') ?? []) as Item[]}
        columns={[
          { label: words('상품', 'Product'), show: { as: 'code', name: 'productId' } },
          { label: words('금액', 'Amount'), show: units('amount', () => currencyOf(item)), end: true },
          { label: words('적립률', 'Percent'), show: { as: 'made', of: (line) => <span class="number">{decimalOf(textOf(line, 'providePercent'), 2)}%</span> }, end: true },
        ]}
      />
    </section>
  );
}

export const blocks: List = {
  title: words('블록', 'Blocks'),
  source: '/purchase/blocks',
  member: 'blocks',
  columns: [
    { label: words('높이', 'Height'), show: { as: 'number', name: 'header.height' }, end: true },
    { label: words('시각', 'Time'), show: { as: 'made', of: (item) => <time>{new Date(Number(textOf(item, 'header.timestamp')) * 1000).toISOString().slice(0, 19)}Z</time> } },
    { label: words('거래', 'Transactions'), show: { as: 'number', name: 'count' }, end: true },
    { label: words('해시', 'Hash'), show: short('header.hash') },
    { label: words('앞 블록', 'Block before'), show: short('header.prevBlock') },
    { label: words('서명자', 'Signer'), show: short('header.signer') },
  ],
  empty: words('아직 블록이 없습니다.', 'There is no block yet.'),
};
