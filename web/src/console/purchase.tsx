// The purchase door's lists and details: shops, purchases, rates, wallets, blocks.
import { date } from '../base/format';
import { useLanguage } from '../base/language';
import { Heading, useTitle } from '../base/ui';
import { type Action, ActionButton, type Input, rowActions } from './action';
import { type Item, member, textOf } from './api';
import { amountText, Code, decimalOf, Moment, Nothing, type Show, Status, type Statuses } from './cells';
import { type Detail } from './detail';
import { accounts } from './ledger';
import { type List, ListView, SubList, Table } from './list';
import { Absent, useLoaded } from './load';
import { Link, type Place } from './route';
import { useSay, type Words, words } from './words';

const statuses: Statuses = {
  pending: [words('지급 대기', 'Points wait'), 'wait'],
  provided: [words('지급됨', 'Points given'), 'good'],
  cancelled: [words('취소됨', 'Cancelled'), 'quiet'],
};

export const label = {
  holder: words('상점 시스템', 'Shop system'),
  purchases: words('구매', 'Purchases'),
  rates: words('적립 환율', 'Point rates'),
};

/** When a purchase's points are given; null: they wait no more. */
function provideAt(item: Item): string | null {
  if (textOf(item, 'status') !== 'pending') return null;
  return new Date(Date.parse(textOf(item, 'recordedAt')) + Number(textOf(item, 'waiting')) * 1000).toISOString();
}

function ProvideAt({ item }: { item: Item }) {
  const at = provideAt(item);
  return at === null || isForNobody(item) ? <Nothing /> : <Moment at={at} />;
}

/** How a purchase stands; of one whose points wait until when. */
function PurchaseStatus({ item }: { item: Item }) {
  const say = useSay();
  const language = useLanguage();
  const at = provideAt(item);
  return (
    <span class="stacked">
      <Status value={textOf(item, 'status')} of={statuses} />
      {at !== null && !isForNobody(item) && <small class="muted">{say(words(`${date(at, language)} 지급`, `On ${date(at, language)}`))}</small>}
    </span>
  );
}

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

// ---- shops -------------------------------------------------------------------------------------------------------------------

const holderNumber = (value: string): Input => ({
  name: 'holder',
  label: words('상점 시스템 번호', 'Shop system’s number'),
  type: 'number',
  value,
  hint: words('앱과 키에 나오는 번호', 'As it stands under Apps and keys'),
  rule: words('1 이상의 정수여야 합니다.', 'Must be a whole number above zero.'),
});

const registerShop = (holder: string): Action => ({
  label: words('상점 등록', 'Register a shop'),
  for: 'operator',
  primary: true,
  text: words(
    '상점 시스템이 이 상점의 구매를 기록할 수 있게 합니다. 이미 등록된 상점이면 이 시스템으로 옮기고 사용 상태로 바꿉니다.',
    'Lets a shop system record the purchases of this shop. A shop that was registered before moves to this system and is switched on.',
  ),
  inputs: [
    {
      name: 'shopId',
      label: words('상점 번호', 'Shop id'),
      hint: words('구매 요청의 shopId', 'The shopId of its purchases'),
      rule: words('0x와 16진수 64자여야 합니다.', 'Must be 0x and 64 hex digits.'),
    },
    holderNumber(holder),
  ],
  call: ({ shopId = '', holder: of = '' }) => ({ method: 'PUT', path: `/purchase/shops/${encodeURIComponent(shopId.trim())}`, body: { holder: of } }),
  done: words('등록했습니다', 'Registered'),
});

const moveShop = (item: Item): Action => ({
  label: words('상점 시스템 변경', 'Move to another system'),
  for: 'operator',
  text: words('앞으로 이 상점의 구매는 정한 상점 시스템만 기록합니다. 지난 구매는 그대로입니다.', 'From now on only that shop system records purchases of this shop. Those that were made stay where they are.'),
  inputs: [holderNumber(textOf(item, 'holder'))],
  call: ({ holder = '' }) => ({ method: 'PUT', path: `/purchase/shops/${encodeURIComponent(textOf(item, 'shopId'))}`, body: { holder, active: item['active'] === true } }),
  done: words('변경했습니다', 'Changed'),
});

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
  empty: words('조건에 맞는 상점이 없습니다.', 'There is no such shop.'),
  actions: (again, shown) => <ActionButton action={registerShop(shown['holder'] ?? '')} onDone={again} />,
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
      moveShop(item),
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

// ---- purchases ---------------------------------------------------------------------------------------------------------------

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
    { label: words('상태', 'Status'), show: { as: 'made', of: (item) => <PurchaseStatus item={item} /> } },
    { label: words('기록 일시', 'Recorded'), show: { as: 'time', name: 'recordedAt' } },
    { label: words('적립 대상', 'Points for'), show: { as: 'made', of: (item) => <Beneficiary item={item} /> } },
    { ...total, end: true },
    { ...points, end: true },
  ],
  empty: words('조건에 맞는 구매가 없습니다.', 'There is no such purchase.'),
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
    { label: words('기록 일시', 'Recorded'), show: { as: 'time', name: 'recordedAt' } },
    { label: words('지급 예정', 'Points come'), show: { as: 'made', of: (item) => <ProvideAt item={item} /> } },
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

// ---- what points are worth, and whose they are -------------------------------------------------------------------------------

/** Of a new currency, or of one that has a rate. */
const setRate = (item?: Item): Action => ({
  label: item ? words('변경', 'Change') : words('환율 추가', 'Add a rate'),
  for: 'operator',
  primary: item === undefined,
  text: words('지금부터 기록하는 구매에 적용합니다. 지난 구매는 그대로입니다.', 'Holds for purchases from now on. Those that were made stay as they are.'),
  inputs: [
    ...(item ? [] : [{ name: 'code', label: words('통화 코드', 'Currency code'), hint: words('영문 소문자와 숫자 1자에서 16자. 예: usd', '1 to 16 of a-z and 0-9, such as usd') }]),
    {
      name: 'pointsPerUnit',
      label: words('통화 1의 포인트', 'Points for one unit'),
      value: item ? textOf(item, 'rate') : '',
      hint: words('예: 1330 또는 1450.5', 'Such as 1330 or 1450.5'),
      rule: words('0보다 큰 수여야 합니다. 소수점 아래는 18자리까지입니다.', 'Must be a number above zero with at most 18 places.'),
    },
  ],
  call: ({ code, pointsPerUnit = '' }) => ({
    method: 'PUT',
    path: `/purchase/rates/${encodeURIComponent(item ? textOf(item, 'code') : (code ?? '').trim())}`,
    body: { pointsPerUnit: pointsPerUnit.trim() },
  }),
  done: words('변경했습니다', 'Changed'),
});

function Rate({ value }: { value: string }) {
  return <span class="number">{amountText(value, 'POINT', useLanguage(), scale)}</span>;
}

/** How many points one unit of each currency is. */
export function Rates() {
  const say = useSay();
  useTitle(say(label.rates));
  const [loaded, again] = useLoaded<{ rates: Record<string, string> }>('/purchase/rates');
  if (loaded.is !== 'there') return <Absent loaded={loaded} again={again} />;
  const items: Item[] = Object.entries(loaded.value.rates).map(([code, rate]) => ({ code, rate }));
  return (
    <>
      <div class="view-header">
        <Heading>{say(label.rates)}</Heading>
        <div class="view-actions">
          <ActionButton action={setRate()} onDone={again} />
        </div>
      </div>
      <p class="muted view-note">
        {say(words('구매 통화 1이 몇 포인트인지 정합니다. token은 적립 토큰의 환율이며 구매 통화가 아닙니다.', 'How many points one unit of a purchase’s currency is. “token” is the rate of loyalty tokens and no currency of purchases.'))}
      </p>
      {items.length === 0 ? (
        <p class="card empty muted">{say(words('아직 환율이 없습니다. 환율이 있는 통화로만 구매를 기록할 수 있습니다.', 'There is no rate yet. A purchase needs a currency that has one.'))}</p>
      ) : (
        <Table
          label={say(label.rates)}
          items={items}
          again={again}
          columns={[
            { label: words('통화', 'Currency'), show: { as: 'code', name: 'code' } },
            { label: words('통화 1의 포인트', 'Points for one unit'), show: { as: 'made', of: (item) => <Rate value={textOf(item, 'rate')} /> }, end: true },
            rowActions((item) => [setRate(item)]),
          ]}
        />
      )}
    </>
  );
}

const wallet: Input = {
  name: 'wallet',
  label: words('지갑', 'Wallet'),
  hint: words('0x와 16진수 40자', '0x and 40 hex digits'),
  rule: words('0x와 16진수 40자여야 합니다.', 'Must be 0x and 40 hex digits.'),
};

const setWallet: Action = {
  label: words('적립 방식 변경', 'Points or tokens'),
  for: 'operator',
  text: words('지갑에 포인트를 줄지 토큰을 줄지 정합니다. 지갑에 있던 것은 지금 환율로 바꾸고 끝자리는 버립니다.', 'Says what a wallet earns. What it has is exchanged at the rate of this moment, rounded down.'),
  inputs: [wallet, { name: 'loyaltyType', label: words('적립', 'Earns'), value: '0', options: [['0', words('포인트', 'Points')], ['1', words('토큰', 'Tokens')]] }],
  call: ({ wallet: of = '', loyaltyType = '' }) => ({ method: 'PUT', path: `/purchase/wallets/${encodeURIComponent(of.trim())}`, body: { loyaltyType } }),
  done: words('변경했습니다', 'Changed'),
};

const linkPhone: Action = {
  label: words('전화 연결', 'Link a phone'),
  for: 'operator',
  grave: true,
  text: words('이 전화의 포인트를 지갑으로 옮기고, 앞으로 쌓이는 것도 지갑에 줍니다. 연결은 바꿀 수 없습니다.', 'The phone’s points move to the wallet, and what it earns goes there from now on. A link is never changed.'),
  inputs: [
    {
      name: 'phone',
      label: words('전화번호', 'Phone number'),
      hint: words('국가 번호와 함께. 예: +82 10-1000-2000', 'With its country, such as +82 10-1000-2000'),
      rule: words('+82 10-1000-2000처럼 국가 번호와 함께 써 주세요.', 'Must have its country, such as +82 10-1000-2000.'),
    },
    wallet,
  ],
  call: ({ phone = '', wallet: to = '' }) => ({ method: 'PUT', path: '/purchase/phones', body: { phone: phone.trim(), wallet: to.trim() } }),
  done: words('연결했습니다', 'Linked'),
};

/** The accounts that points are given to. */
export const wallets: List = {
  ...accounts,
  title: words('지갑과 전화', 'Wallets and phones'),
  filters: [],
  fixed: { prefix: 'user:' },
  empty: words('아직 포인트를 받은 지갑이나 전화가 없습니다.', 'No wallet and no phone has earned points yet.'),
  actions: (again) => (
    <>
      <ActionButton action={setWallet} onDone={again} />
      <ActionButton action={linkPhone} onDone={again} />
    </>
  ),
};

// ---- blocks ------------------------------------------------------------------------------------------------------------------

export const blocks: List = {
  title: words('블록', 'Blocks'),
  source: '/purchase/blocks',
  member: 'blocks',
  columns: [
    { label: words('높이', 'Height'), show: { as: 'number', name: 'header.height' }, end: true },
    { label: words('시각', 'Time'), show: { as: 'made', of: (item) => <Moment at={new Date(Number(textOf(item, 'header.timestamp')) * 1000).toISOString()} /> } },
    { label: words('거래', 'Transactions'), show: { as: 'number', name: 'count' }, end: true },
    { label: words('해시', 'Hash'), show: short('header.hash') },
    { label: words('앞 블록', 'Block before'), show: short('header.prevBlock') },
    { label: words('서명자', 'Signer'), show: short('header.signer') },
  ],
  empty: words('아직 블록이 없습니다.', 'There is no block yet.'),
};
