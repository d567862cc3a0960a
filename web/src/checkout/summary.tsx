// What is paid for.
import { count, dateTime, money, signedMoney } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import type { Invoice } from './invoice';
import { safeUrl, type Session } from './session';
import { texts } from './texts';

interface Row {
  name: string;
  quantity: number;
  amount: number;
}

/** An invoice says what its first bill is made of, with discounts and fees; `floor`: the name of what keeps it from going below 0. */
const rowsOf = (session: Session, invoice: Invoice | null, floor: string): Row[] =>
  invoice?.billing_schedule[0]?.lines.map(({ type, name, price }) => ({ name: type === 'zero_floor' ? floor : name, quantity: 1, amount: price })) ??
  session.items;

export function Summary({ session, invoice }: { session: Session; invoice: Invoice | null }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const rows = rowsOf(session, invoice, text.zeroFloor);
  const pdf = safeUrl(invoice?.pdf_url);
  const total = invoice?.subscription ? text.dueNow : text.total;
  return (
    <section class="card summary" aria-labelledby="summary-title">
      <h2 id="summary-title" class="eyebrow">
        {text.order}
      </h2>
      <p class="summary-name">{session.name}</p>
      {invoice && (
        <p class="muted">
          {text.seller} {invoice.seller.name}
        </p>
      )}
      {session.purpose !== 'keep' && (
        <p class="summary-amount">
          <span class="visually-hidden">{total} </span>
          {money(session.amount, session.currency, language)}
        </p>
      )}
      {rows.length > 0 && (
        <ul class="items">
          {rows.map((item, index) => (
            <li key={index}>
              <span>
                {item.name} {item.quantity !== 1 && <span class="muted">{text.quantity(count(item.quantity, language))}</span>}
              </span>
              <span class="number">{item.amount < 0 ? signedMoney(item.amount, session.currency, language) : money(item.amount, session.currency, language)}</span>
            </li>
          ))}
          <li class="items-total">
            <span>{total}</span>
            <span class="number">{money(session.amount, session.currency, language)}</span>
          </li>
        </ul>
      )}
      <p class="summary-reference muted">
        {text.reference} <span class="code">{session.reference}</span>
      </p>
      {pdf && (
        <p class="fine">
          <a href={pdf.href} target="_blank" rel="noopener noreferrer">
            {text.pdf}
          </a>
        </p>
      )}
      {session.status === 'open' && session.expiresAt && <p class="muted">{text.payBefore(dateTime(session.expiresAt, language))}</p>}
    </section>
  );
}
