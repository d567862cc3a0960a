import { useId, useState } from 'preact/hooks';

import { faultOf, reasonOf } from '../base/fault';
import { type Answer, Failure } from '../base/fetch';
import { dateTime } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Field, Notice } from '../base/ui';
import { type Rows, useLoaded, useMore } from '../portal/load';
import { type Delivery, type Filter, isTest, readDeliveries, readFailed, resend, resendFailed, type Site } from './api';
import { Absent, MoreButton } from './parts';
import { texts } from './texts';

const tones: Record<Delivery['status'], string> = { pending: 'wait', delivered: 'good', failed: 'bad' };
const nothing: Filter = { merchant: '', order_code: '', u_id: '', status: '', from: '', to: '' };
const statuses: Delivery['status'][] = ['delivered', 'failed', 'pending'];

export function Log({ site }: { site: Site }) {
  const text = useTexts(texts);
  const language = useLanguage();
  const statusId = useId();
  const [filter, setFilter] = useState(nothing);
  const [asked, setAsked] = useState(nothing);
  /** How many failed, once somebody wants them all sent again. */
  const [failed, setFailed] = useState<{ count: number; isMore: boolean } | null>(null);
  const [said, setSaid] = useState<{ tone: 'bad' | 'info'; what: string } | null>(null);
  const [loaded, again] = useLoaded(JSON.stringify(asked), () => readDeliveries(site, asked, null));

  const search = (event: Event) => {
    event.preventDefault();
    setAsked(filter);
    setFailed(null);
  };
  const ask = async () => {
    setSaid(null);
    try {
      const { value } = await readFailed(site, asked);
      const count = value?.rows.filter((each) => !isTest(each)).length ?? 0;
      if (value === null) setSaid({ tone: 'bad', what: text.noAnswer });
      else if (count === 0 && value.next === null) setSaid({ tone: 'info', what: text.noneFailed });
      else setFailed({ count, isMore: value.next !== null });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setSaid({ tone: 'bad', what: text.noAnswer });
    }
  };
  const send = async (what: () => Promise<Answer>) => {
    setFailed(null);
    try {
      const answer = await what();
      const { resent = 0, more = false } = (answer.body ?? {}) as { resent?: number; more?: boolean };
      if (answer.status === 200) setSaid({ tone: 'info', what: `${text.resent(resent)} ${more ? `${text.resendRest} ` : ''}${text.resendWarning}` });
      else setSaid({ tone: 'bad', what: faultOf(answer, language) });
      again();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setSaid({ tone: 'bad', what: text.noAnswer });
    }
  };
  const set = (name: keyof Filter) => (value: string) => setFilter({ ...filter, [name]: value });

  return (
    <section class="card" aria-labelledby="log">
      <h2 id="log">{text.log}</h2>
      <form class="affiliate-filter" onSubmit={search} noValidate>
        {(['merchant', 'order_code', 'u_id'] as const).map((name) => (
          <Field key={name} label={text.filters[name]} name={name} value={filter[name]} onValue={set(name)} />
        ))}
        {(['from', 'to'] as const).map((name) => (
          <Field key={name} type="date" label={text.filters[name]} name={name} value={filter[name]} onValue={set(name)} />
        ))}
        <div class="field">
          <label for={statusId}>{text.filters.status}</label>
          <select id={statusId} name="status" value={filter.status} onChange={(event) => set('status')(event.currentTarget.value)}>
            <option value="">{text.all}</option>
            {statuses.map((status) => (
              <option key={status} value={status}>
                {text.deliveryStates[status]}
              </option>
            ))}
          </select>
        </div>
        <div class="affiliate-buttons">
          <button type="submit" class="button">
            {text.search}
          </button>
          <button type="button" class="button" name="resend-failed" onClick={() => void ask()}>
            {text.resendFailed}
          </button>
        </div>
      </form>
      {failed && (
        <div class="affiliate-ask" role="alert">
          <p>{text.resendAsk(failed.count, failed.isMore)}</p>
          <button type="button" class="button button-small button-primary" name="resend-yes" onClick={() => void send(() => resendFailed(site, asked))}>
            {text.resend}
          </button>
          <button type="button" class="button button-small" onClick={() => setFailed(null)}>
            {text.cancel}
          </button>
        </div>
      )}
      <p class="fine muted">{text.resendWarning}</p>
      {said && <Notice tone={said.tone}>{said.what}</Notice>}
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : (
        <List first={loaded.value} load={(cursor) => readDeliveries(site, asked, cursor)} onResend={(id) => void send(() => resend(site, id))} />
      )}
    </section>
  );
}

interface ListProperties {
  first: Rows<Delivery>;
  load(cursor: string): Promise<{ status: number; value: Rows<Delivery> | null }>;
  onResend(id: number): void;
}

function List({ first, load, onResend }: ListProperties) {
  const text = useTexts(texts);
  const list = useMore<Delivery>(first, load);
  return (
    <>
      {list.rows.length === 0 && !list.isMore && <p class="muted">{text.noDeliveries}</p>}
      <ul class="movements">
        {list.rows.map((delivery) => (
          <Row key={delivery.id} delivery={delivery} onResend={() => onResend(delivery.id)} />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

function Row({ delivery, onResend }: { delivery: Delivery; onResend(): void }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const why = delivery.last_error !== null ? reasonOf(delivery.last_error, language) : delivery.last_status === null ? null : String(delivery.last_status);
  return (
    <li>
      <div>
        <strong>
          {delivery.merchant} <span class="code">{delivery.order_code}</span>
        </strong>
        <p class="fine muted">
          <time dateTime={delivery.created_at}>{dateTime(delivery.created_at, language)}</time>
          {delivery.u_id && ` · ${delivery.u_id}`} · {text.attempts(delivery.attempts)}
          {why && ` · ${why}`}
        </p>
      </div>
      <div class="affiliate-row-end">
        <span class={`badge badge-${tones[delivery.status]}`}>{text.deliveryStates[delivery.status]}</span>
        {delivery.status !== 'pending' && !isTest(delivery) && (
          <button type="button" class="button button-small" onClick={onResend}>
            {text.resend}
          </button>
        )}
      </div>
    </li>
  );
}
