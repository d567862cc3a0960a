// Toss Payments' window. Its SDK is loaded only when the customer chooses it. The window leaves this page and comes back to
// it with the outcome in the query, which is taken out of the address at once.
import type { Session, TossMethod } from './session';

const sdkUrl = 'https://js.tosspayments.com/v2/standard';

interface TossPayment {
  requestPayment(request: Record<string, unknown>): Promise<void>;
  requestBillingAuth(request: Record<string, unknown>): Promise<void>;
}

interface TossSdk {
  (clientKey: string): { payment(options: { customerKey: string }): TossPayment };
  ANONYMOUS: string;
}

declare global {
  interface Window {
    TossPayments?: TossSdk;
  }
}

let loading: Promise<TossSdk> | null = null;

function loadSdk(): Promise<TossSdk> {
  loading ??= new Promise<TossSdk>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = sdkUrl;
    script.onload = () => (window.TossPayments ? resolve(window.TossPayments) : reject(new Error('no SDK')));
    script.onerror = () => reject(new Error('the SDK could not be loaded'));
    document.head.append(script);
  }).catch((error: unknown) => {
    loading = null; // the next click tries again
    throw error;
  });
  return loading;
}

/** Opens the window. Rejects with a `code` when it could not be opened or the customer closed it. */
export async function openToss(method: TossMethod, session: Session): Promise<void> {
  const sdk = await loadSdk();
  const page = location.href.replace(/#.*$/, '');
  const window = sdk(method.clientKey).payment({ customerKey: method.customerKey ?? sdk.ANONYMOUS });
  const { name, email, masked } = session.buyer;
  const customer = { ...(masked ? {} : { customerName: name, customerEmail: email }), successUrl: page, failUrl: page };
  if (method.customerKey) return window.requestBillingAuth({ method: 'CARD', ...customer });
  return window.requestPayment({
    method: 'CARD',
    amount: { currency: session.currency, value: session.amount },
    orderId: method.orderId,
    orderName: session.name.slice(0, 100),
    ...customer,
  });
}

export type TossReturn =
  | { kind: 'success'; paymentKey: string; orderId: string; amount: number }
  | { kind: 'card'; authKey: string; customerKey: string }
  | { kind: 'failure'; code: string };

/** What Toss adds to the address; what else stands there is the opener's. */
const tossParameters = ['paymentType', 'paymentKey', 'orderId', 'amount', 'authKey', 'customerKey', 'code', 'message'];

/** What the window came back with, once: the address has nothing of it afterwards. */
export function takeTossReturn(): TossReturn | null {
  const query = new URLSearchParams(location.search);
  const kept = new URLSearchParams(query);
  for (const name of tossParameters) kept.delete(name);
  const search = kept.toString();
  if (location.search !== '') history.replaceState(null, '', location.pathname + (search && `?${search}`));
  const [paymentKey, orderId, amount] = [query.get('paymentKey'), query.get('orderId'), query.get('amount')];
  if (paymentKey && orderId && amount && /^\d+$/.test(amount)) {
    return { kind: 'success', paymentKey, orderId, amount: Number(amount) };
  }
  const [authKey, customerKey] = [query.get('authKey'), query.get('customerKey')];
  if (authKey && customerKey) return { kind: 'card', authKey, customerKey };
  const code = query.get('code');
  return code ? { kind: 'failure', code } : null;
}
