import { useContext, useEffect, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { dateTime, money, signedMoney } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Heading, Notice } from '../base/ui';
import { type DepositPage, type Movement, readDeposit } from './api';
import { SignedOut, useLoaded } from './load';
import { Absent } from './parts';
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
  const signedOut = useContext(SignedOut);
  const [movements, setMovements] = useState<Movement[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [broken, setBroken] = useState(false);

  useEffect(() => {
    setMovements(first.history);
    setNext(first.next);
  }, [first]);

  const more = async () => {
    if (busy || next === null) return;
    setBusy(true);
    setBroken(false);
    try {
      const { status, value } = await readDeposit(next);
      if (status === 401) return signedOut();
      if (value) {
        setMovements([...movements, ...value.history]);
        setNext(value.next);
      } else setBroken(true);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setBroken(true);
    }
    setBusy(false);
  };

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
        {movements.length === 0 ? (
          <p class="muted">{text.noHistory}</p>
        ) : (
          <ul class="movements">
            {movements.map((movement, index) => (
              <MovementRow key={index} movement={movement} currency={first.currency} />
            ))}
          </ul>
        )}
        {broken && <Notice tone="bad">{text.brokenTitle}</Notice>}
        {next !== null && (
          <button type="button" class="button" aria-disabled={busy} onClick={() => void more()}>
            {busy ? text.loadingMore : text.more}
          </button>
        )}
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
