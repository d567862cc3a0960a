import { useState } from 'preact/hooks';

import { money } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Field } from '../base/ui';
import { type Rows, useLoaded, useMore } from '../portal/load';
import { type Conversion, readConversions, type Site } from './api';
import { Absent, MoreButton } from './parts';
import { texts } from './texts';

const tones: Record<Conversion['status'], string> = { 100: 'quiet', 200: 'wait', 210: 'good', 300: 'wait', 310: 'bad' };

/** The month of now in Seoul: "2026-05". */
export const thisMonth = () => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 7);

export function Conversions({ site }: { site: Site }) {
  const text = useTexts(texts);
  const [month, setMonth] = useState(thisMonth);
  const asked = month.replace('-', '');
  const [loaded, again] = useLoaded(asked, () => readConversions(site, asked, 1));
  return (
    <section class="card" aria-labelledby="conversions">
      <h2 id="conversions">{text.conversions}</h2>
      <Field
        type="month"
        label={text.month}
        name="month"
        value={month}
        onValue={(value) => {
          if (/^\d{4}-\d\d$/.test(value)) setMonth(value);
        }}
      />
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : (
        <>
          <p class="fine muted">{loaded.value.count === 0 ? text.noConversions : text.rows(loaded.value.count)}</p>
          <List first={loaded.value} load={(page) => readConversions(site, asked, Number(page))} />
        </>
      )}
    </section>
  );
}

function List({ first, load }: { first: Rows<Conversion>; load(page: string): Promise<{ status: number; value: Rows<Conversion> | null }> }) {
  const list = useMore<Conversion>(first, load);
  return (
    <>
      <ul class="movements">
        {list.rows.map((conversion) => (
          <Row key={conversion.trlog_id} conversion={conversion} />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
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
