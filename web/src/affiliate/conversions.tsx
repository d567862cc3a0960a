import { useState } from 'preact/hooks';

import { money } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Field } from '../base/ui';
import { useLoaded } from '../portal/load';
import { type Conversion, perPage, readConversions, type Site } from './api';
import { Absent } from './parts';
import { texts } from './texts';

const tones: Record<Conversion['status'], string> = { 100: 'quiet', 200: 'wait', 210: 'good', 300: 'wait', 310: 'bad' };

/** The month of now in Seoul: "2026-05". */
export const thisMonth = () => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 7);

export function Conversions({ site }: { site: Site }) {
  const text = useTexts(texts);
  const [month, setMonth] = useState(thisMonth);
  const [page, setPage] = useState(1);
  const asked = month.replace('-', '');
  const [loaded, again] = useLoaded(`${asked}/${page}`, () => readConversions(site, asked, page));
  return (
    <section class="card" aria-labelledby="conversions">
      <h2 id="conversions">{text.conversions}</h2>
      <Field
        type="month"
        label={text.month}
        name="month"
        value={month}
        onValue={(value) => {
          if (!/^\d{4}-\d\d$/.test(value)) return;
          setMonth(value);
          setPage(1);
        }}
      />
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : (
        <>
          <p class="fine muted">{loaded.value.list_count === 0 ? text.noConversions : text.rows(loaded.value.list_count)}</p>
          <ul class="movements">
            {loaded.value.order_list.map((conversion) => (
              <Row key={conversion.trlog_id} conversion={conversion} />
            ))}
          </ul>
          {loaded.value.list_count > page * perPage && (
            <button type="button" class="button" onClick={() => setPage(page + 1)}>
              {text.more}
            </button>
          )}
        </>
      )}
    </section>
  );
}

function Row({ conversion }: { conversion: Conversion }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const { yyyymmdd: day } = conversion;
  return (
    <li>
      <div>
        <strong>{conversion.p_nm}</strong>
        <p class="fine muted">
          {`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)} · ${conversion.m_id} · `}
          <span class="code">{conversion.o_cd}</span>
          {conversion.user_id && ` · ${conversion.user_id}`}
          {` · ${money(conversion.sales, 'KRW', language)}`}
        </p>
      </div>
      <div class="affiliate-row-end">
        <span class="number">{money(conversion.commission, 'KRW', language)}</span>
        <span class={`badge badge-${tones[conversion.status]}`}>{text.conversionStates[conversion.status]}</span>
      </div>
    </li>
  );
}
