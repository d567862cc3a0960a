// What stands behind an id, a code, a number or an address, in all doors at once.
import { Heading, useTitle } from '../base/ui';
import type { Query } from './api';
import { Absent, useLoaded } from './load';
import { Link } from './route';
import { useSay, type Words, words } from './words';

interface Found {
  kind: string;
  id: string;
  title: string;
}

interface Where {
  path: string[];
  query?: Query;
}

const at = (...path: string[]): Where => ({ path });

/** The pages that show things of each kind. */
const pages: Record<string, [Words, (id: string) => Where]> = {
  'hub.order': [words('허브 주문', 'Order of the hub'), (id) => at('hub', 'orders', id)],
  'hub.partner': [words('파트너', 'Partner'), (id) => at('hub', 'partners', id)],
  'hub.campaign': [words('캠페인', 'Campaign'), (id) => at('hub', 'campaigns', id)],
  'hub.application': [words('캠페인 지원', 'Application to a campaign'), (id) => at('hub', 'campaigns', id)],
  'hub.review': [words('리뷰', 'Review'), (id) => ({ path: ['hub', 'reviews'], query: { review: id } })],
  'invoice.invoice': [words('청구서', 'Invoice'), (id) => at('invoice', 'invoices', id)],
  'invoice.cancel': [words('취소 요청', 'Request to cancel'), (id) => ({ path: ['invoice', 'cancels'], query: { cancel: id } })],
  'invoice.subscription': [words('구독', 'Subscription'), (id) => at('invoice', 'subscriptions', id)],
  'invoice.change': [words('구독 변경 요청', 'Change of a subscription'), (id) => at('invoice', 'subscriptions', id)],
  'invoice.bill': [words('정기결제', 'Bill'), (id) => ({ path: ['invoice', 'bills'], query: { bill: id } })],
  'affiliate.merchant': [words('광고주', 'Merchant'), (id) => at('affiliate', 'merchants', id)],
  'affiliate.program': [words('프로그램', 'Programme'), (id) => at('affiliate', 'programs', id)],
  'affiliate.affiliate': [words('매체', 'Affiliate'), (id) => at('affiliate', 'affiliates', id)],
  'affiliate.click': [words('클릭', 'Click'), (id) => at('affiliate', 'clicks', id)],
  'affiliate.conversion': [words('실적', 'Conversion'), (id) => at('affiliate', 'conversions', id)],
  'affiliate.statement': [words('정산서', 'Statement'), (id) => at('affiliate', 'affiliates', id)],
  'affiliate.payout': [words('지급', 'Payout'), (id) => at('affiliate', 'payouts', id)],
  'purchase.shop': [words('상점', 'Shop'), (id) => at('purchase', 'shops', id)],
  'purchase.purchase': [words('구매', 'Purchase'), (id) => at('purchase', 'purchases', id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1))],
  'ledger.account': [words('원장 계정', 'Account'), (id) => at('ledger', 'accounts', id)],
  'console.operator': [words('운영자 계정', 'Operator'), () => at('operators')],
  delivery: [words('전송', 'Delivery'), (id) => at('deliveries', id)],
  record: [words('기록', 'Record'), (id) => at('ledger', 'explain', id)],
};

/** A found thing, as a link to its page. */
function Hit({ found }: { found: Found }) {
  const say = useSay();
  const page = pages[found.kind];
  if (page === undefined) return <>{`${found.kind} ${found.title}`}</>;
  const [kind, where] = page;
  const { path, query = {} } = where(found.id);
  return (
    <>
      <p class="eyebrow">{say(kind)}</p>
      <Link to={path} query={query}>
        {found.title}
      </Link>
    </>
  );
}

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
              '찾지 못했습니다. 번호나 코드, 주소를 빠짐없이 그대로 넣어 주세요: 주문 코드와 리드 번호, 사업자번호, 이메일, 캠페인·지원·리뷰의 번호, 청구서·구독·정기결제·취소 요청의 번호, request_id, 광고주나 매체의 아이디, 클릭이나 실적의 번호, 매체와 월(A100000001/202605), 구매 번호와 상점 번호, 전송이나 메시지의 번호(msg_…), 결제 주문번호, 계정 이름, 기록 번호.',
              'Nothing was found. Give an id, a code or an address in full, as it is: an order code or a lead, a business number, an e-mail address, the id of a campaign, an application or a review, of an invoice, a subscription, a bill or a request to cancel, a request_id, the id of a merchant or an affiliate, a click or a conversion, an affiliate and a month (A100000001/202605), a purchaseId or a shop, the id of a delivery or a message (msg_…), the acquirer’s order id, the name of an account or the number of a record.',
            ),
          )}
        </p>
      ) : (
        <ul class="found">
          {loaded.value.found.map((each) => (
            <li key={`${each.kind} ${each.id}`} class="card">
              <Hit found={each} /> {each.id !== each.title && <code>{each.id}</code>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
