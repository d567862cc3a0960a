// What is billed when. Months that cost the same stand in one row; the whole table unfolds.
import { count, date, money } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import type { Bill, Invoice } from './invoice';
import { texts } from './texts';

interface Stretch {
  first: Bill;
  last: Bill;
}

function stretches(bills: Bill[]): Stretch[] {
  const found: Stretch[] = [];
  for (const bill of bills) {
    const before = found[found.length - 1];
    if (before && before.last.price === bill.price && sameLines(before.last, bill)) before.last = bill;
    else found.push({ first: bill, last: bill });
  }
  return found;
}

const sameLines = (left: Bill, right: Bill): boolean => JSON.stringify(left.lines) === JSON.stringify(right.lines);

export function Schedule({ invoice }: { invoice: Invoice }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const bills = invoice.billing_schedule;
  if (!invoice.subscription || bills.length === 0) return null;
  const row = ({ first, last }: Stretch) => {
    const months = first === last ? text.month(count(first.month, language)) : text.months(count(first.month, language), count(last.month, language));
    return (
      <tr key={first.month}>
        <th scope="row">{months}</th>
        <td>{first === last ? date(first.due_at, language) : text.from(date(first.due_at, language))}</td>
        <td class="number">{money(first.price, invoice.currency, language)}</td>
      </tr>
    );
  };
  const table = (rows: Stretch[], label: string) => (
    <table class="schedule" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{text.scheduleMonth}</th>
          <th scope="col">{text.scheduleDate}</th>
          <th scope="col" class="number">
            {text.scheduleAmount}
          </th>
        </tr>
      </thead>
      <tbody>{rows.map(row)}</tbody>
    </table>
  );
  const short = stretches(bills);
  return (
    <section class="card" aria-labelledby="schedule-title">
      <h2 id="schedule-title" class="eyebrow">
        {text.schedule}
      </h2>
      {table(short, text.schedule)}
      {short.length < bills.length && (
        <details class="schedule-all">
          <summary>{text.scheduleAll(count(bills.length, language))}</summary>
          {table(bills.map((bill) => ({ first: bill, last: bill })), text.scheduleAll(count(bills.length, language)))}
        </details>
      )}
    </section>
  );
}
