import { useMemo } from 'preact/hooks';

import { dateTime, money, signedMoney } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Heading } from '../base/ui';
import { type DepositPage, type Movement, readDeposit } from './api';
import { useLoaded, useMore } from './load';
import { Absent, MoreButton } from './parts';
import { Link, paths } from './route';
import { texts } from './texts';

export function Deposit() {
  const text = useTexts(texts);
  const [loaded, again] = useLoaded('deposit', () => readDeposit(null));
  return (
    <>
      <div class="view-header">
        <Heading>{text.deposit}</Heading>
      </div>
      {loaded.is === 'there' ? <Balance first={loaded.value} /> : <Absent loaded={loaded} again={again} />}
    </>
  );
}

function Balance({ first }: { first: DepositPage }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const rowsOf = ({ history, next }: DepositPage) => ({ rows: history, next });
  const list = useMore<Movement>(
    useMemo(() => rowsOf(first), [first]),
    async (cursor) => {
      const { status, value } = await readDeposit(cursor);
      return { status, value: value && rowsOf(value) };
    },
  );

  const figures: [string, number, string][] = [
    [text.available, first.available, text.availableHint],
    [text.held, first.held, text.heldHint],
    [text.posted, first.posted, text.postedHint],
  ];
  return (
    <>
      <dl class="figures">
        {figures.map(([name, amount, hint]) => (
          <div class="card" key={name}>
            <dt>{name}</dt>
            <dd class="figure">{money(amount, first.currency, language)}</dd>
            <dd class="fine muted">{hint}</dd>
          </div>
        ))}
      </dl>
      <section class="card" aria-labelledby="history">
        <h2 id="history">{text.history}</h2>
        {list.rows.length === 0 ? (
          <p class="muted">{text.noHistory}</p>
        ) : (
          <ul class="movements">
            {list.rows.map((movement, index) => (
              <MovementRow key={index} movement={movement} currency={first.currency} />
            ))}
          </ul>
        )}
        <MoreButton list={list} />
      </section>
    </>
  );
}

/** What the deposit gains is positive, whichever sign the wire gives it. */
function gain({ kind, amount }: Movement): number {
  return kind === 'charge' ? Math.abs(amount) : -Math.abs(amount);
}

function MovementRow({ movement, currency }: { movement: Movement; currency: string }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const amount = gain(movement);
  return (
    <li>
      <div>
        <strong>{text.kinds[movement.kind] ?? movement.kind}</strong>
        <p class="fine muted">
          <time dateTime={movement.at}>{dateTime(movement.at, language)}</time>
          {movement.campaignId && (
            <>
              {' · '}
              <Link href={paths.campaign(movement.campaignId)}>
                {text.campaignLink} {movement.campaignId}
              </Link>
            </>
          )}
          {movement.orderCode && (
            <>
              {' · '}
              <span class="code">{movement.orderCode}</span>
            </>
          )}
        </p>
      </div>
      <span class={amount < 0 ? 'number' : 'number gain'}>{signedMoney(amount, currency, language)}</span>
    </li>
  );
}
