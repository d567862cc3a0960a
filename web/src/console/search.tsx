// What stands behind an id, a code, a number or an address, in all doors at once.
import { Heading, useTitle } from '../base/ui';
import { Absent, useLoaded } from './load';
import { Link } from './route';
import { useSay, type Words, words } from './words';

interface Found {
  kind: string;
  id: string;
  title: string;
}

/** The pages that show things of each kind. */
const pages: Record<string, [Words, (id: string) => string[]]> = {
  'hub.order': [words('허브 주문', 'Order of the hub'), (id) => ['hub', 'orders', id]],
  'hub.partner': [words('파트너', 'Partner'), (id) => ['hub', 'partners', id]],
  'hub.campaign': [words('캠페인', 'Campaign'), (id) => ['hub', 'campaigns', id]],
  'invoice.invoice': [words('청구서', 'Invoice'), (id) => ['invoice', 'invoices', id]],
  'invoice.subscription': [words('구독', 'Subscription'), (id) => ['invoice', 'subscriptions', id]],
  'affiliate.merchant': [words('광고주', 'Merchant'), (id) => ['affiliate', 'merchants', id]],
  'affiliate.program': [words('프로그램', 'Programme'), (id) => ['affiliate', 'programs', id]],
  'affiliate.affiliate': [words('매체', 'Affiliate'), (id) => ['affiliate', 'affiliates', id]],
  'affiliate.click': [words('클릭', 'Click'), (id) => ['affiliate', 'clicks', id]],
  'affiliate.conversion': [words('실적', 'Conversion'), (id) => ['affiliate', 'conversions', id]],
  'affiliate.statement': [words('정산서', 'Statement'), (id) => ['affiliate', 'affiliates', id]],
  'affiliate.payout': [words('지급', 'Payout'), (id) => ['affiliate', 'payouts', id]],
  'purchase.shop': [words('상점', 'Shop'), (id) => ['purchase', 'shops', id]],
  'purchase.purchase': [words('구매', 'Purchase'), (id) => ['purchase', 'purchases', id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)]],
  'ledger.account': [words('원장 계정', 'Account'), (id) => ['ledger', 'accounts', id]],
  delivery: [words('전송', 'Delivery'), (id) => ['deliveries', id]],
  record: [words('기록', 'Record'), (id) => ['ledger', 'explain', id]],
};

export function Search({ text }: { text: string }) {
  const say = useSay();
  const title = words(`“${text}” 찾기`, `Search for “${text}”`);
  useTitle(say(title));
  const [loaded, again] = useLoaded<{ found: Found[] }>('/search', { q: text });
  return (
    <>
      <div class="view-header">
        <Heading>{say(title)}</Heading>
      </div>
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : loaded.value.found.length === 0 ? (
        <p class="card empty muted">
          {say(
            words(
              '찾지 못했습니다. 주문 코드, 청구서나 구독의 번호, request_id, 사업자번호, 이메일, 광고주나 매체의 아이디, 클릭이나 실적의 번호, 매체와 월(A100000001/202605), 구매 번호, 계정 이름, 기록 번호를 그대로 넣어 주세요.',
              'Nothing was found. Give an order code, the id of an invoice or a subscription, a request_id, a business number, an e-mail address, the id of a merchant, an affiliate, a click or a conversion, an affiliate and a month (A100000001/202605), a purchaseId, the name of an account or the number of a record, as it is.',
            ),
          )}
        </p>
      ) : (
        <ul class="found">
          {loaded.value.found.map((each) => {
            const page = pages[each.kind];
            return (
              <li key={`${each.kind} ${each.id}`} class="card">
                <p class="eyebrow">{page ? say(page[0]) : each.kind}</p>
                {page ? <Link to={page[1](each.id)}>{each.title}</Link> : each.title} <code>{each.id}</code>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
