// The operator console: sign-in when there is no session, else the views under one frame.
import { useEffect, useRef, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { LanguageSwitch } from '../base/language';
import { Loading, Logo, Outcome, Page } from '../base/ui';
import { type Action, ActionButton } from './action';
import * as affiliate from './affiliate';
import { change, get, type Me } from './api';
import { Apps } from './apps';
import { DetailView } from './detail';
import { deliveries, delivery } from './deliveries';
import { Home } from './home';
import * as hub from './hub';
import * as invoice from './invoice';
import { accountDetail, accounts, BookStatus, Explain } from './ledger';
import { ListView } from './list';
import { audit, operators, roles } from './operators';
import * as purchase from './purchase';
import { go, hrefOf, Link, type Place, usePlace } from './route';
import { Search } from './search';
import { SessionContext, useSession } from './session';
import { SignIn } from './sign_in';
import { useSay, type Words, words } from './words';

const text = {
  loading: words('불러오는 중입니다', 'Loading'),
  broken: words('불러오지 못했습니다', 'This could not be loaded'),
  brokenText: words('연결을 확인한 뒤 다시 시도해 주세요.', 'Check your connection and try again.'),
  again: words('다시 시도', 'Try again'),
  menu: words('메뉴', 'Menu'),
  search: words('번호, 코드, 이메일로 찾기', 'Find by id, code or e-mail'),
  find: words('찾기', 'Find'),
  signOut: words('로그아웃', 'Sign out'),
  skip: words('본문으로', 'Skip to content'),
  missing: words('이 주소에는 화면이 없습니다', 'There is no page at this address'),
  home: words('첫 화면으로', 'To the first view'),
};

type State = { is: 'loading' } | { is: 'none' } | { is: 'broken' } | { is: 'open'; me: Me };

export function Console() {
  const say = useSay();
  const [state, setState] = useState<State>({ is: 'loading' });
  const load = async () => {
    try {
      const { status, body } = await get('/session');
      setState(status === 200 ? { is: 'open', me: body as Me } : { is: status === 401 ? 'none' : 'broken' });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setState({ is: 'broken' });
    }
  };
  useEffect(() => void load(), []);

  switch (state.is) {
    case 'loading':
      return (
        <Page>
          <Loading label={say(text.loading)} />
        </Page>
      );
    case 'none':
      return <SignIn onSignedIn={() => void load()} />;
    case 'broken':
      return (
        <Page>
          <Outcome tone="bad" title={say(text.broken)} text={say(text.brokenText)}>
            <button type="button" class="button" onClick={() => void load()}>
              {say(text.again)}
            </button>
          </Outcome>
        </Page>
      );
    case 'open':
      return <Frame me={state.me} onEnd={() => setState({ is: 'none' })} />;
  }
}

const toastMs = 6000;

interface Toast {
  key: number;
  text: string;
  tone: 'good' | 'bad';
}

function Frame({ me, onEnd }: { me: Me; onEnd(): void }) {
  const say = useSay();
  const place = usePlace();
  const [toasts, setToasts] = useState<Toast[]>([]);
  const keys = useRef(0);
  const toast = (said: string, tone: 'good' | 'bad' = 'good') => {
    const key = keys.current++;
    setToasts((list) => [...list, { key, text: said, tone }]);
    setTimeout(() => setToasts((list) => list.filter((each) => each.key !== key)), toastMs);
  };
  return (
    <SessionContext.Provider value={{ me, end: onEnd, toast }}>
      <div class="console">
        <a class="skip" href="#content">
          {say(text.skip)}
        </a>
        <Header place={place} onEnd={onEnd} />
        <Menu place={place} onEnd={onEnd} />
        <main id="content" class="console-main" key={place.path.join('/')}>
          <View place={place} />
        </main>
        <div class="toasts" role="status" aria-live="polite">
          {toasts.map((each) => (
            <p key={each.key} class={`toast toast-${each.tone}`}>
              {each.text}
            </p>
          ))}
        </div>
      </div>
    </SessionContext.Provider>
  );
}

const ownPassword: Action = {
  label: words('비밀번호 변경', 'Change password'),
  for: 'auditor',
  text: words('다른 곳에서 열린 세션은 모두 끝납니다.', 'Sessions that are open elsewhere end.'),
  inputs: [
    { name: 'current', label: words('지금 비밀번호', 'Your password now'), type: 'password' },
    { name: 'password', label: words('새 비밀번호', 'New password'), type: 'password', hint: words('10자 이상, 서로 다른 글자 5개 이상. 흔히 쓰는 비밀번호는 쓸 수 없습니다.', 'At least 10 characters, five of them different, and none of those that everybody tries first') },
  ],
  call: (values) => ({ method: 'PUT', path: '/session/password', body: values }),
  done: words('변경했습니다', 'Changed'),
};

function Header({ place, onEnd }: { place: Place; onEnd(): void }) {
  const say = useSay();
  const [wanted, setWanted] = useState(place.path[0] === 'search' ? (place.query['q'] ?? '') : '');
  return (
    <header class="console-header">
      <Link to={[]} class="home-link">
        <Logo />
      </Link>
      <form
        class="search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted.trim() !== '') go(hrefOf(['search'], { q: wanted.trim() }));
        }}
      >
        <input type="search" name="q" aria-label={say(text.search)} placeholder={say(text.search)} value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
        <button type="submit" class="button button-small">
          {say(text.find)}
        </button>
      </form>
      <Account onEnd={onEnd} />
    </header>
  );
}

/** Who has signed in and what is theirs: in the header where there is room, else in the menu. */
function Account({ onEnd }: { onEnd(): void }) {
  const say = useSay();
  const { me } = useSession();
  const leave = async () => {
    try {
      await change('DELETE', '/session');
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
    onEnd();
  };
  return (
    <div class="console-account">
      <span class="console-who">
        {me.email} <span class="muted">{say(roles[me.role]?.[0] ?? words(me.role, me.role))}</span>
      </span>
      <ActionButton action={ownPassword} />
      <button type="button" class="button button-small" onClick={() => void leave()}>
        {say(text.signOut)}
      </button>
      <LanguageSwitch />
    </div>
  );
}

const menu: [Words, [Words, string[]][]][] = [
  [words('현황', 'Overview'), [[words('오늘', 'Today'), []]]],
  [
    words('허브', 'Hub'),
    [
      [hub.orders.title, ['hub', 'orders']],
      [hub.partners.title, ['hub', 'partners']],
      [hub.campaigns.title, ['hub', 'campaigns']],
      [hub.reviews.title, ['hub', 'reviews']],
    ],
  ],
  [
    words('청구', 'Invoices'),
    [
      [invoice.invoices.title, ['invoice', 'invoices']],
      [invoice.orders.title, ['invoice', 'orders']],
      [invoice.cancels.title, ['invoice', 'cancels']],
      [invoice.subscriptions.title, ['invoice', 'subscriptions']],
      [invoice.bills.title, ['invoice', 'bills']],
    ],
  ],
  [
    words('제휴', 'Affiliates'),
    [
      [affiliate.merchants.title, ['affiliate', 'merchants']],
      [affiliate.programs.title, ['affiliate', 'programs']],
      [affiliate.affiliates.title, ['affiliate', 'affiliates']],
      [affiliate.promos.title, ['affiliate', 'promos']],
      [affiliate.exchangeRates.title, ['affiliate', 'rates']],
      [affiliate.clicks.title, ['affiliate', 'clicks']],
      [affiliate.dailyClicks().title, ['affiliate', 'daily-clicks']],
      [affiliate.conversions.title, ['affiliate', 'conversions']],
      [affiliate.unpaid.title, ['affiliate', 'unpaid']],
      [affiliate.payouts.title, ['affiliate', 'payouts']],
    ],
  ],
  [
    words('구매', 'Purchases'),
    [
      [purchase.shops.title, ['purchase', 'shops']],
      [purchase.label.purchases, ['purchase', 'purchases']],
      [purchase.wallets.title, ['purchase', 'wallets']],
      [purchase.label.rates, ['purchase', 'rates']],
      [purchase.blocks.title, ['purchase', 'blocks']],
    ],
  ],
  [
    words('장부', 'Book'),
    [
      [deliveries.title, ['deliveries']],
      [accounts.title, ['ledger', 'accounts']],
      [words('장부 검증', 'Verification'), ['ledger', 'status']],
    ],
  ],
  [
    words('관리', 'Administration'),
    [
      [words('앱과 키', 'Apps and keys'), ['apps']],
      [words('운영자 계정', 'Operators'), ['operators']],
      [audit.title, ['audit']],
    ],
  ],
];

function Menu({ place, onEnd }: { place: Place; onEnd(): void }) {
  const say = useSay();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [place]);
  const isAt = (path: string[]) => (path.length === 0 ? place.path.length === 0 : path.every((part, index) => place.path[index] === part));
  return (
    <nav class="console-menu" aria-label={say(text.menu)}>
      <button type="button" class="button button-small menu-button" aria-expanded={open} aria-controls="menu" onClick={() => setOpen(!open)}>
        {say(text.menu)}
      </button>
      <div id="menu" class={open ? 'menu-groups open' : 'menu-groups'}>
        {menu.map(([group, entries]) => (
          <div key={group.en} class="menu-group">
            <p class="eyebrow">{say(group)}</p>
            <ul>
              {entries.map(([label, path]) => (
                <li key={path.join('/')}>
                  <Link to={path} current={isAt(path)}>
                    {say(label)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <Account onEnd={onEnd} />
      </div>
    </nav>
  );
}

function View({ place }: { place: Place }) {
  const say = useSay();
  const [section = '', kind = '', id = '', more = ''] = place.path;
  const list = (described: Parameters<typeof ListView>[0]['list']) => <ListView list={described} place={place} />;
  const detail = (described: Parameters<typeof DetailView>[0]['detail']) => <DetailView detail={described} />;
  switch (section === '' ? 'home' : `${section}/${kind}${id && '/*'}`.replace(/\/$/, '')) {
    case 'home':
      return <Home />;
    case 'search':
      return <Search key={place.query['q'] ?? ''} text={place.query['q'] ?? ''} />;
    case 'hub/orders':
      return list(hub.orders);
    case 'hub/orders/*':
      return detail(hub.order(id));
    case 'hub/partners':
      return list(hub.partners);
    case 'hub/partners/*':
      return detail(hub.partner(id));
    case 'hub/campaigns':
      return list(hub.campaigns);
    case 'hub/campaigns/*':
      return detail(hub.campaign(id));
    case 'hub/reviews':
      return list(hub.reviews);
    case 'invoice/invoices':
      return list(invoice.invoices);
    case 'invoice/invoices/*':
      return detail(invoice.invoice(id));
    case 'invoice/orders':
      return list(invoice.orders);
    case 'invoice/cancels':
      return list(invoice.cancels);
    case 'invoice/subscriptions':
      return list(invoice.subscriptions);
    case 'invoice/subscriptions/*':
      return detail(invoice.subscription(id));
    case 'invoice/bills':
      return list(invoice.bills);
    case 'affiliate/merchants':
      return list(affiliate.merchants);
    case 'affiliate/merchants/*':
      return detail(affiliate.merchant(id));
    case 'affiliate/programs':
      return list(affiliate.programs);
    case 'affiliate/programs/*':
      return detail(affiliate.program(id));
    case 'affiliate/promos':
      return list(affiliate.promos);
    case 'affiliate/rates':
      return list(affiliate.exchangeRates);
    case 'affiliate/daily-clicks':
      return list(affiliate.dailyClicks());
    case 'affiliate/clicks':
      return list(affiliate.clicks);
    case 'affiliate/clicks/*':
      return detail(affiliate.click(id));
    case 'affiliate/affiliates':
      return list(affiliate.affiliates);
    case 'affiliate/affiliates/*':
      return detail(affiliate.affiliate(id));
    case 'affiliate/conversions':
      return list(affiliate.conversions);
    case 'affiliate/conversions/*':
      return detail(affiliate.conversion(id));
    case 'affiliate/unpaid':
      return list(affiliate.unpaid);
    case 'affiliate/payouts':
      return list(affiliate.payouts);
    case 'affiliate/payouts/*':
      return detail(affiliate.payout(id));
    case 'purchase/shops':
      return list(purchase.shops);
    case 'purchase/shops/*':
      return detail(purchase.shop(id));
    case 'purchase/purchases':
      return <purchase.Purchases place={place} />;
    case 'purchase/purchases/*':
      return detail(purchase.purchase(id, more));
    case 'purchase/wallets':
      return list(purchase.wallets);
    case 'purchase/rates':
      return <purchase.Rates />;
    case 'purchase/blocks':
      return list(purchase.blocks);
    case 'deliveries':
      return list(deliveries);
    case 'ledger/accounts':
      return list(accounts);
    case 'ledger/accounts/*':
      return detail(accountDetail(id));
    case 'ledger/explain/*':
      return <Explain record={id} />;
    case 'ledger/status':
      return <BookStatus />;
    case 'apps':
      return <Apps />;
    case 'operators':
      return list(operators);
    case 'audit':
      return list(audit);
    default:
      if (section === 'deliveries' && id === '') return detail(delivery(kind));
      return (
        <Outcome tone="bad" title={say(text.missing)}>
          <Link to={[]} class="button">
            {say(text.home)}
          </Link>
        </Outcome>
      );
  }
}
