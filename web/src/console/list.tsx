// A list as it is described: where it comes from, what it can be narrowed to, and which columns it has.
import { type ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { Heading, useTitle } from '../base/ui';
import { get, type Item, type Query } from './api';
import { Cell, type Show } from './cells';
import { Absent, type Loaded, useLoaded } from './load';
import { go, hrefOf, type Place, remember } from './route';
import { useSession } from './session';
import { useSay, type Words, words } from './words';

export interface Column {
  label: Words;
  show: Show;
  /** Amounts and counts stand at the end of their column. */
  end?: boolean;
}

export interface Filter {
  name: string;
  label: Words;
  /** The values to choose from; none: a text. */
  options?: [string, Words][];
  /** A date asks for the moment at which that day begins, until for the one at which it is over; a day for the day itself, 20260525. */
  type?: 'text' | 'date' | 'until' | 'day';
  /** What is chosen when nothing is: one of the options, then all of them is none. */
  value?: string;
}

export interface List {
  title: Words;
  /** Under /api. */
  source: string;
  /** The answer's member that has the things. */
  member: string;
  /** What the list is always narrowed to. */
  fixed?: Query;
  /** The parameter that the cursor goes into. */
  cursor?: string;
  /** Filters that choose the source and are no parameters of it. */
  drop?: string[];
  filters?: Filter[];
  columns: Column[];
  empty: Words;
  /** Beside the heading. */
  actions?: (again: () => void, shown: Query) => ComponentChildren;
  note?: Words;
}

const text = {
  filters: words('검색 조건', 'Filters'),
  all: words('전체', 'All'),
  apply: words('찾기', 'Find'),
  clear: words('조건 지우기', 'Clear'),
  more: words('더 보기', 'Show more'),
  loadingMore: words('불러오는 중입니다', 'Loading'),
  onward: words('여기까지 찾은 것이 없습니다. 더 찾을 수 있습니다.', 'Nothing so far. There is more to look through.'),
  broken: words('불러오지 못했습니다. 다시 시도해 주세요.', 'This could not be loaded. Please try again.'),
};

type Page = { next?: string | number | null } & { [member: string]: unknown };

const itemsOf = (page: Page, list: List): Item[] => (page[list.member] as Item[] | undefined) ?? [];

/** What was shown more of, behind the page that a list begins with. */
interface Later {
  after: Page;
  items: Item[];
  next: string | null;
}

const cursorOf = ({ next }: Page): string | null => (next === null || next === undefined ? null : String(next));

/** The day after one, 2026-05-26 of 2026-05-25; of what is no day the server says so. */
const dayAfter = (day: string): string => {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : new Date(at + 86_400_000).toISOString().slice(0, 10);
};

/** Instants are asked for at the beginning of a Korean day; the last day is in. */
const asked = (filter: Filter, value: string) => {
  if (filter.type === 'day') return value.replaceAll('-', '');
  if (value === '') return value;
  if (filter.type === 'until') return `${dayAfter(value)}T00:00:00+09:00`;
  return filter.type === 'date' ? `${value}T00:00:00+09:00` : value;
};

export function ListView({ list, place }: { list: List; place: Place }) {
  const say = useSay();
  useTitle(say(list.title));
  useEffect(() => remember(place), [place]);
  const filters = list.filters ?? [];
  const chosen = Object.fromEntries(filters.map(({ name, value }) => [name, place.query[name] ?? value ?? '']));
  const parameters = filters.filter(({ name }) => !list.drop?.includes(name));
  const query: Query = { ...Object.fromEntries(parameters.map((each) => [each.name, asked(each, chosen[each.name] ?? '')])), ...list.fixed };
  const [loaded, again] = useLoaded<Page>(list.source, query);
  return (
    <>
      <div class="view-header">
        <Heading>{say(list.title)}</Heading>
        <div class="view-actions">{list.actions?.(again, query)}</div>
      </div>
      {list.note && <p class="muted view-note">{say(list.note)}</p>}
      {filters.length > 0 && <FilterBar key={JSON.stringify(chosen)} filters={filters} chosen={chosen} place={place} />}
      <Rows key={JSON.stringify([list.source, query])} list={list} query={query} loaded={loaded} again={again} />
    </>
  );
}

/** The same without a heading of its own, within a detail. */
export function SubList({ list }: { list: List }) {
  const say = useSay();
  const [loaded, again] = useLoaded<Page>(list.source, list.fixed ?? {});
  return (
    <section class="sub-list">
      <div class="view-header">
        <h2>{say(list.title)}</h2>
        <div class="view-actions">{list.actions?.(again, list.fixed ?? {})}</div>
      </div>
      <Rows list={list} query={list.fixed ?? {}} loaded={loaded} again={again} />
    </section>
  );
}

function FilterBar({ filters, chosen, place }: { filters: Filter[]; chosen: Query; place: Place }) {
  const say = useSay();
  const [values, setValues] = useState(chosen);
  const apply = (wanted: Query) => go(hrefOf(place.path, wanted), true);
  const isNarrowed = filters.some(({ name, value }) => chosen[name] !== (value ?? ''));
  return (
    <form
      class="filter-bar"
      role="search"
      aria-label={say(text.filters)}
      onSubmit={(event) => {
        event.preventDefault();
        apply(values);
      }}
    >
      {filters.map((filter) => (
        <label key={filter.name} class="filter-field">
          <span>{say(filter.label)}</span>
          {filter.options ? (
            <select
              name={filter.name}
              value={values[filter.name]}
              onChange={(event) => {
                const wanted = { ...values, [filter.name]: event.currentTarget.value };
                setValues(wanted);
                apply(wanted);
              }}
            >
              {filter.value === undefined && <option value="">{say(text.all)}</option>}
              {filter.options.map(([value, label]) => (
                <option key={value} value={value}>
                  {say(label)}
                </option>
              ))}
            </select>
          ) : (
            <input
              name={filter.name}
              type={filter.type === undefined || filter.type === 'text' ? 'text' : 'date'}
              value={values[filter.name]}
              onInput={(event) => setValues({ ...values, [filter.name]: event.currentTarget.value })}
            />
          )}
        </label>
      ))}
      <div class="filter-buttons">
        <button type="submit" class="button button-small">
          {say(text.apply)}
        </button>
        {isNarrowed && (
          <button type="button" class="button button-small" onClick={() => apply({})}>
            {say(text.clear)}
          </button>
        )}
      </div>
    </form>
  );
}

function Rows({ list, query, loaded, again }: { list: List; query: Query; loaded: Loaded<Page>; again(): void }) {
  const say = useSay();
  const { end } = useSession();
  const [later, setLater] = useState<Later | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  if (loaded.is !== 'there') return <Absent loaded={loaded} again={again} />;
  const first = loaded.value;
  // What came later belongs to the page that it came after: a list that was loaded anew begins anew.
  const came = later?.after === first ? later : { after: first, items: [], next: cursorOf(first) };
  const { next } = came;
  const items = [...itemsOf(first, list), ...came.items];

  const more = async () => {
    if (busy || next === null) return;
    setBusy(true);
    setFailed(false);
    try {
      const answer = await get(list.source, { ...query, [list.cursor ?? 'cursor']: next });
      if (answer.status === 401) return end();
      if (answer.status === 200) {
        const page = answer.body as Page;
        setLater({ after: first, items: [...came.items, ...itemsOf(page, list)], next: cursorOf(page) });
      } else setFailed(true);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setFailed(true);
    }
    setBusy(false);
  };

  return (
    <>
      {items.length === 0 ? (
        <p class="card empty muted">{say(next === null ? list.empty : text.onward)}</p>
      ) : (
        <Table columns={list.columns} items={items} label={say(list.title)} again={again} />
      )}
      {failed && (
        <p class="field-error" role="alert">
          {say(text.broken)}
        </p>
      )}
      {next !== null && (
        <button type="button" class="button more" aria-disabled={busy} onClick={() => void more()}>
          {say(busy ? text.loadingMore : text.more)}
        </button>
      )}
    </>
  );
}

/** On a phone each row is a card, and each cell says what it is of. */
export function Table({ columns, items, label, again = () => undefined }: { columns: Column[]; items: Item[]; label: string; again?: () => void }) {
  const say = useSay();
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={label}>
      <table class="table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label.en} scope="col" class={column.end ? 'end' : undefined}>
                {say(column.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column.label.en} data-label={say(column.label)} class={column.end ? 'end' : undefined}>
                  <Cell item={item} show={column.show} again={again} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
