import { useId, useState } from 'preact/hooks';

import { type Answer, Failure } from '../base/fetch';
import { dateTime } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Field, Notice } from '../base/ui';
import { useLoaded } from '../portal/load';
import { type Delivery, type Filter, readDeliveries, resend, resendFailed, type Site } from './api';
import { Absent } from './parts';
import { texts } from './texts';

const tones: Record<Delivery['status'], string> = { pending: 'wait', delivered: 'good', failed: 'bad' };
const nothing: Filter = { merchant: '', order_code: '', u_id: '', status: '', from: '', to: '' };
const statuses: Delivery['status'][] = ['delivered', 'failed', 'pending'];

export function Log({ site }: { site: Site }) {
  const text = useTexts(texts);
  const statusId = useId();
  const [filter, setFilter] = useState(nothing);
  const [asked, setAsked] = useState(nothing);
  const [cursors, setCursors] = useState<string[]>([]);
  const [said, setSaid] = useState<{ tone: 'bad' | 'info'; what: string } | null>(null);
  const [loaded, again] = useLoaded(JSON.stringify([asked, cursors]), () => readDeliveries(site, asked, cursors[cursors.length - 1] ?? null));

  const search = (event: Event) => {
    event.preventDefault();
    setAsked(filter);
    setCursors([]);
  };
  const send = async (what: () => Promise<Answer>) => {
    try {
      const { status, body } = await what();
      if (status === 200) setSaid({ tone: 'info', what: `${text.resent((body as { resent: number }).resent)} ${text.resendWarning}` });
      else setSaid({ tone: 'bad', what: (body as { error?: { message?: string } } | null)?.error?.message ?? text.noAnswer });
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
          <button type="button" class="button" name="resend-failed" onClick={() => void send(() => resendFailed(site))}>
            {text.resendFailed}
          </button>
        </div>
      </form>
      <p class="fine muted">{text.resendWarning}</p>
      {said && <Notice tone={said.tone}>{said.what}</Notice>}
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : loaded.value.deliveries.length === 0 ? (
        <p class="muted">{text.noDeliveries}</p>
      ) : (
        <ul class="movements">
          {loaded.value.deliveries.map((delivery) => (
            <Row key={delivery.id} delivery={delivery} onResend={() => void send(() => resend(site, delivery.id))} />
          ))}
        </ul>
      )}
      {loaded.is === 'there' && loaded.value.next !== null && (
        <button type="button" class="button" onClick={() => setCursors([...cursors, loaded.value.next as string])}>
          {text.more}
        </button>
      )}
    </section>
  );
}

function Row({ delivery, onResend }: { delivery: Delivery; onResend(): void }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const why = delivery.last_error ?? (delivery.last_status === null ? null : String(delivery.last_status));
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
        {delivery.status !== 'pending' && delivery.topic !== 'reward.test' && (
          <button type="button" class="button button-small" onClick={onResend}>
            {text.resend}
          </button>
        )}
      </div>
    </li>
  );
}
