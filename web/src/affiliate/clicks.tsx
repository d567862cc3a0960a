// An affiliate's clicks: what they come to by day, and one by one.
import { useState } from 'preact/hooks';

import { count, date, dateTime } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Field } from '../base/ui';
import { useLoaded, useMore } from '../portal/load';
import { type Click, type ClickFilter, readClickDays, readClicks, type Site } from './api';
import { thisMonth } from './conversions';
import { Absent, MoreButton } from './parts';
import { texts } from './texts';

export function ClickDays({ site }: { site: Site }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const [month, setMonth] = useState(thisMonth);
  const [loaded, again] = useLoaded(month, () => readClickDays(site, month.replace('-', '')));
  const table = () => {
    if (loaded.is !== 'there') return <Absent loaded={loaded} again={again} />;
    const { days } = loaded.value;
    if (days.length === 0) return <p class="muted">{text.noClicks}</p>;
    const sum = (name: 'clicks' | 'marked') => days.reduce((all, day) => all + day[name], 0);
    const instantOf = (day: string) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00+09:00`;
    return (
      <table class="affiliate-table">
        <thead>
          <tr>
            <th scope="col">{text.day}</th>
            {([text.clicks, text.unique, text.marked] as const).map((name) => (
              <th key={name} scope="col" class="end">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day.day}>
              <th scope="row">{date(instantOf(day.day), language)}</th>
              <td class="end number">{count(day.clicks, language)}</td>
              <td class="end number">{count(day.unique, language)}</td>
              <td class="end number">{count(day.marked, language)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{text.sum}</th>
            <td class="end number">{count(sum('clicks'), language)}</td>
            <td class="end">
              <span class="visually-hidden">{text.noSum}</span>
            </td>
            <td class="end number">{count(sum('marked'), language)}</td>
          </tr>
        </tfoot>
      </table>
    );
  };
  return (
    <section class="card" aria-labelledby="click-days">
      <h2 id="click-days">{text.clickDays}</h2>
      <Field
        type="month"
        label={text.month}
        name="click_month"
        value={month}
        onValue={(value) => {
          if (/^\d{4}-\d\d$/.test(value)) setMonth(value);
        }}
      />
      {table()}
      <p class="fine muted">{text.clicksHint}</p>
    </section>
  );
}

const nothing: ClickFilter = { merchant_id: '', u_id: '' };

/** A page may be empty and still have a next one, so that some are read for what is shown as one. */
const pagesAtOnce = 5;

async function readSome(site: Site, filter: ClickFilter, cursor: string | null) {
  let next = cursor;
  for (let page = 1; ; page += 1) {
    const { status, value } = await readClicks(site, filter, next);
    if (value === null) return { status, value: null };
    next = value.next;
    if (value.clicks.length > 0 || next === null || page === pagesAtOnce) return { status, value: { rows: value.clicks, next } };
  }
}

export function Clicks({ site }: { site: Site }) {
  const text = useTexts(texts);
  const [filter, setFilter] = useState(nothing);
  const [asked, setAsked] = useState(nothing);
  const [loaded, again] = useLoaded(JSON.stringify(asked), () => readSome(site, asked, null));
  const set = (name: keyof ClickFilter) => (value: string) => setFilter({ ...filter, [name]: value });
  return (
    <section class="card" aria-labelledby="clicks">
      <h2 id="clicks">{text.clickList}</h2>
      <form
        class="affiliate-filter"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked({ merchant_id: filter.merchant_id.trim(), u_id: filter.u_id.trim() });
        }}
      >
        <Field label={text.filters.merchant} name="click_merchant" value={filter.merchant_id} onValue={set('merchant_id')} spellcheck={false} autocapitalize="none" />
        <Field label={text.filters.u_id} name="click_u_id" value={filter.u_id} onValue={set('u_id')} spellcheck={false} autocapitalize="none" />
        <div class="affiliate-buttons">
          <button type="submit" class="button">
            {text.search}
          </button>
        </div>
      </form>
      {loaded.is === 'there' ? (
        <List first={loaded.value} load={(cursor) => readSome(site, asked, cursor)} />
      ) : loaded.is === 'missing' ? (
        <p class="muted">{text.noMerchantFound}</p>
      ) : (
        <Absent loaded={loaded} again={again} />
      )}
    </section>
  );
}

interface Some {
  rows: Click[];
  next: string | null;
}

function List({ first, load }: { first: Some; load(cursor: string): Promise<{ status: number; value: Some | null }> }) {
  const text = useTexts(texts);
  const list = useMore<Click>(first, load);
  return (
    <>
      {list.rows.length === 0 && <p class="muted">{list.isMore ? text.noClicksYet : text.noClickFound}</p>}
      <ul class="movements">
        {list.rows.map((click) => (
          <Row key={click.click_id} click={click} />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

function Row({ click }: { click: Click }) {
  const language = useLanguage();
  const text = useTexts(texts);
  return (
    <li>
      <div>
        <strong>{click.merchant_id}</strong>
        <p class="fine muted">
          <time dateTime={click.at}>{dateTime(click.at, language)}</time>
          {click.device && ` · ${text.devices[click.device] ?? click.device}`}
          {click.u_id && ` · ${click.u_id}`}
        </p>
      </div>
      <div class="affiliate-row-end">
        {click.marks.map((mark) => (
          <span key={mark} class="badge badge-wait">
            {text.marks[mark] ?? mark}
          </span>
        ))}
      </div>
    </li>
  );
}
