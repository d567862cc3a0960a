import { money } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { useLoaded } from '../portal/load';
import { readStatements, type Site } from './api';
import { Absent } from './parts';
import { texts } from './texts';

export function Statements({ site }: { site: Site }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const [loaded, again] = useLoaded('statements', () => readStatements(site));
  return (
    <section class="card" aria-labelledby="statements">
      <h2 id="statements">{text.statements}</h2>
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : loaded.value.statements.length === 0 ? (
        <p class="muted">{text.noStatements}</p>
      ) : (
        <ul class="movements">
          {loaded.value.statements.map(({ month, settled, cancelled, sales, commission, payout }) => (
            <li key={month}>
              <div>
                <strong>{`${month.slice(0, 4)}-${month.slice(4)}`}</strong>
                <p class="fine muted">
                  {text.settled(settled, cancelled)} · {money(sales, 'KRW', language)}
                </p>
              </div>
              <div class="affiliate-row-end">
                <span class="number">{money(commission, 'KRW', language)}</span>
                <span class="fine muted">
                  {payout ? `${text.payoutStates[payout.status]} ${money(payout.amount, 'KRW', language)}` : text.noPayout}
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
