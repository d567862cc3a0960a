// What an affiliate may promote and what it is paid for that; links, and its promotion codes.
import { useMemo, useRef, useState } from 'preact/hooks';

import { faultOf } from '../base/fault';
import { Failure } from '../base/fetch';
import { date, money } from '../base/format';
import { type Language, useLanguage, useTexts } from '../base/language';
import { Field, Notice, SubmitButton } from '../base/ui';
import { useLoaded, useMore } from '../portal/load';
import { type Merchant, type MerchantPage, makeLink, type PaidRates, type Program, type Promo, type PromoPage, readMerchants, readPromos, type Site } from './api';
import { Absent, MoreButton } from './parts';
import { texts } from './texts';

export function Merchants({ site }: { site: Site }) {
  const text = useTexts(texts);
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const [loaded, again] = useLoaded(asked, () => readMerchants(site, asked, null));
  return (
    <section class="card" aria-labelledby="merchants">
      <h2 id="merchants">{text.merchants}</h2>
      <p class="muted">{text.merchantsText}</p>
      <form
        class="affiliate-filter"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(typed.trim());
        }}
      >
        <Field type="search" label={text.merchantSearch} name="q" value={typed} onValue={setTyped} />
        <div class="affiliate-buttons">
          <button type="submit" class="button">
            {text.search}
          </button>
        </div>
      </form>
      {loaded.is === 'there' ? <MerchantList site={site} first={loaded.value} asked={asked} /> : <Absent loaded={loaded} again={again} />}
    </section>
  );
}

function MerchantList({ site, first, asked }: { site: Site; first: MerchantPage; asked: string }) {
  const text = useTexts(texts);
  const rowsOf = ({ merchants, next }: MerchantPage) => ({ rows: merchants, next });
  const list = useMore<Merchant>(
    useMemo(() => rowsOf(first), [first]),
    async (cursor) => {
      const { status, value } = await readMerchants(site, asked, cursor);
      return { status, value: value && rowsOf(value) };
    },
  );
  if (list.rows.length === 0) return <p class="muted">{asked === '' ? text.noMerchants : text.noMerchantFound}</p>;
  return (
    <>
      <ul class="movements affiliate-merchants">
        {list.rows.map((merchant) => (
          <MerchantRow key={merchant.merchant_id} site={site} merchant={merchant} />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

const isNothing = (rate: string): boolean => /^0(%|KRW)$/.test(rate);
const oneRate = (rate: string, language: Language): string => (rate.endsWith('KRW') ? money(Number(rate.slice(0, -3)), 'KRW', language) : rate);

/** "8% + 1%", "₩500". */
function rateText({ base, incentive }: PaidRates, language: Language): string {
  const parts = [base, incentive].filter((rate) => !isNothing(rate));
  return parts.length === 0 ? oneRate(base, language) : parts.map((rate) => oneRate(rate, language)).join(' + ');
}

function MerchantRow({ site, merchant }: { site: Site; merchant: Merchant }) {
  const text = useTexts(texts);
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div class="affiliate-merchant">
        <div>
          <h3>{merchant.name}</h3>
          <p class="fine muted">
            <span class="code">{merchant.merchant_id}</span>
            {/^https?:\/\//.test(merchant.home_url) && (
              <>
                {' · '}
                <a href={merchant.home_url} target="_blank" rel="noopener noreferrer">
                  {new URL(merchant.home_url).host}
                  <span class="visually-hidden"> ({text.opensNew})</span>
                </a>
              </>
            )}
          </p>
        </div>
        <button type="button" class="button button-small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? text.close : text.makeLink}
          <span class="visually-hidden"> ({merchant.name})</span>
        </button>
      </div>
      {merchant.programs.length === 0 ? (
        <p class="fine muted">{text.noPrograms}</p>
      ) : (
        <ul class="affiliate-programs">
          {merchant.programs.map((program) => (
            <ProgramRow key={program.code} program={program} />
          ))}
        </ul>
      )}
      {open && <LinkForm site={site} merchant={merchant} />}
    </li>
  );
}

function ProgramRow({ program }: { program: Program }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const special: [string, PaidRates][] = [
    ...program.by_product.map((rate): [string, PaidRates] => [text.ofProduct(rate.code), rate]),
    ...program.by_category.map((rate): [string, PaidRates] => [text.ofCategory(rate.code), rate]),
    ...program.tiers.map((tier): [string, PaidRates] => [text.fromSales(money(tier.from_sales, 'KRW', language)), tier]),
  ];
  return (
    <li>
      <div class="affiliate-program">
        <span>
          {program.name} <span class="fine muted">{program.action_name ?? text.kinds[program.kind]}</span>
        </span>
        <strong class="number">{rateText(program, language)}</strong>
      </div>
      {special.length > 0 && (
        <details>
          <summary>{text.specialRates(special.length)}</summary>
          <dl class="tally">
            {special.map(([name, rates]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{rateText(rates, language)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {program.ends_at && <p class="fine muted">{text.endsAt(date(program.ends_at, language))}</p>}
    </li>
  );
}

function LinkForm({ site, merchant }: { site: Site; merchant: Merchant }) {
  const text = useTexts(texts);
  const language = useLanguage();
  const [target, setTarget] = useState('');
  const [mark, setMark] = useState('');
  const [link, setLink] = useState('');
  const [fault, setFault] = useState('');
  const [problem, setProblem] = useState(false);
  const [busy, setBusy] = useState(false);
  const [copied, setCopied] = useState<'yes' | 'selected' | null>(null);
  const output = useRef<HTMLInputElement>(null);

  const typed = (set: (value: string) => void) => (value: string) => {
    set(value);
    setLink('');
    setFault('');
    setCopied(null);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(false);
    setCopied(null);
    try {
      const answer = await makeLink(site, merchant.merchant_id, target.trim(), mark.trim());
      if (answer.status === 200) {
        setLink((answer.body as { click_url: string }).click_url);
        requestAnimationFrame(() => output.current?.focus());
      } else if (answer.status === 400) setFault(faultOf(answer, language));
      else setProblem(true);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setProblem(true);
    }
    setBusy(false);
  };
  const copy = async () => {
    output.current?.select();
    try {
      // Not there where the page is not served by https.
      await navigator.clipboard.writeText(link);
      setCopied('yes');
    } catch {
      setCopied('selected');
    }
  };

  return (
    <form class="affiliate-form affiliate-link" onSubmit={submit} noValidate>
      {merchant.deeplinks && (
        <Field
          type="url"
          label={text.target}
          name="target"
          value={target}
          onValue={typed(setTarget)}
          hint={text.targetHint(merchant.hosts.join(', '))}
          error={fault && target !== '' ? `${text.targetBad} ${fault}` : undefined}
          spellcheck={false}
          autocapitalize="none"
        />
      )}
      <Field
        label={text.mark}
        name="u_id"
        value={mark}
        onValue={typed(setMark)}
        hint={text.markHint}
        error={fault && target === '' ? fault : undefined}
        spellcheck={false}
        autocapitalize="none"
      />
      {problem && <Notice tone="bad">{text.noAnswer}</Notice>}
      <div class="affiliate-buttons">
        <SubmitButton busy={busy} busyLabel={text.makingLink}>
          {text.makeLink}
        </SubmitButton>
      </div>
      {link !== '' && (
        <>
          <Field inputRef={output} label={text.link} name="link" value={link} onValue={() => undefined} readOnly class="code" />
          <div class="affiliate-buttons">
            <button type="button" class="button" name="copy" onClick={() => void copy()}>
              {text.copy}
            </button>
          </div>
        </>
      )}
      <p class="fine muted" role="status">
        {copied === 'yes' ? text.copied : copied === 'selected' ? text.selected : ''}
      </p>
    </form>
  );
}

export function Promos({ site }: { site: Site }) {
  const text = useTexts(texts);
  const [loaded, again] = useLoaded('promos', () => readPromos(site, null));
  return (
    <section class="card" aria-labelledby="promos">
      <h2 id="promos">{text.promos}</h2>
      <p class="muted">{text.promosText}</p>
      {loaded.is === 'there' ? <PromoList site={site} first={loaded.value} /> : <Absent loaded={loaded} again={again} />}
    </section>
  );
}

function PromoList({ site, first }: { site: Site; first: PromoPage }) {
  const text = useTexts(texts);
  const rowsOf = ({ promos, next }: PromoPage) => ({ rows: promos, next: next === null ? null : String(next) });
  const list = useMore<Promo>(
    useMemo(() => rowsOf(first), [first]),
    async (cursor) => {
      const { status, value } = await readPromos(site, cursor);
      return { status, value: value && rowsOf(value) };
    },
  );
  if (list.rows.length === 0) return <p class="muted">{text.noPromos}</p>;
  return (
    <>
      <ul class="movements">
        {list.rows.map((promo) => (
          <PromoRow key={promo.promo} promo={promo} />
        ))}
      </ul>
      <MoreButton list={list} />
    </>
  );
}

function PromoRow({ promo }: { promo: Promo }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const now = Date.now();
  const state = !promo.active || (promo.ends_at !== null && Date.parse(promo.ends_at) <= now) ? 'ended' : promo.starts_at !== null && Date.parse(promo.starts_at) > now ? 'waits' : 'good';
  const [from, until] = [promo.starts_at, promo.ends_at].map((at) => (at === null ? '' : date(at, language)));
  return (
    <li>
      <div>
        <strong class="code">{promo.promo_code}</strong>
        <p class="fine muted">
          {promo.merchant_id} · {promo.event_code}
          {(from || until) && ` · ${from} – ${until}`}
        </p>
      </div>
      <span class={`badge badge-${{ ended: 'quiet', waits: 'wait', good: 'good' }[state]}`}>{text.promoStates[state]}</span>
    </li>
  );
}
