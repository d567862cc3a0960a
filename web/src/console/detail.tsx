// A thing as it is described: where it comes from, what is shown of it, what can be done with it, and what hangs on it.
import { type ComponentChildren } from 'preact';

import { Heading, useTitle } from '../base/ui';
import { type Action, ActionButton } from './action';
import { type Item, type Query, textOf } from './api';
import { Cell, type Fact, Facts, type Show } from './cells';
import { Absent, useLoaded } from './load';
import { lastQuery, Link } from './route';
import { useSay, type Words } from './words';

export interface Detail {
  /** Under /api. */
  source: string;
  /** What kind of thing it is. */
  kind: Words;
  /** Where its list is. */
  back: { to: string[]; query?: Query; label: Words };
  /** The member by which people know it. */
  name(item: Item): string;
  status?: Show;
  facts: Fact[];
  actions?(item: Item): Action[];
  /** What hangs on it: lists, payloads. */
  more?(item: Item, again: () => void): ComponentChildren;
}

export function DetailView({ detail }: { detail: Detail }) {
  const say = useSay();
  const [loaded, again] = useLoaded<Item>(detail.source);
  useTitle(loaded.is === 'there' ? detail.name(loaded.value) : say(detail.kind));
  return (
    <>
      <p class="back">
        <Link to={detail.back.to} query={{ ...lastQuery(detail.back.to), ...detail.back.query }}>
          <span aria-hidden="true">←</span> {say(detail.back.label)}
        </Link>
      </p>
      {loaded.is === 'there' ? <Found detail={detail} item={loaded.value} again={again} /> : <Absent loaded={loaded} again={again} />}
    </>
  );
}

function Found({ detail, item, again }: { detail: Detail; item: Item; again(): void }) {
  const say = useSay();
  return (
    <article>
      <div class="view-header">
        <div>
          <p class="eyebrow">{say(detail.kind)}</p>
          <Heading>{detail.name(item)}</Heading>
          {detail.status && <Cell item={item} show={detail.status} />}
        </div>
        <div class="view-actions">
          {(detail.actions?.(item) ?? []).map((action) => (
            <ActionButton key={action.label.en} action={action} onDone={again} />
          ))}
        </div>
      </div>
      <section class="card">
        <Facts facts={detail.facts} item={item} />
      </section>
      {detail.more?.(item, again)}
    </article>
  );
}

/** A link from a number of a record to where its money came from. */
export const recordOf = (name: string): Show => ({
  as: 'link',
  name,
  to: (item) => ['ledger', 'explain', textOf(item, name)],
});
