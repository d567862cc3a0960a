// Where an affiliate's payouts go. Whoever changes it shows the key again: a page that was left open is not enough.
import { useRef, useState } from 'preact/hooks';

import { type Answer, Failure } from '../base/fetch';
import { useTexts } from '../base/language';
import { Field, focusFirstFault, Notice, SubmitButton } from '../base/ui';
import { useLoaded } from '../portal/load';
import { type Account, readBankAccount, setBankAccount, type Site } from './api';
import { Absent } from './parts';
import { texts } from './texts';

export function BankAccount({ site }: { site: Site }) {
  const text = useTexts(texts);
  const [loaded, again] = useLoaded('bank', () => readBankAccount(site));
  const [open, setOpen] = useState(false);
  const [saved, setSaved] = useState(false);
  const shown = loaded.is === 'there' ? loaded.value : null;
  return (
    <section class="card" aria-labelledby="bank">
      <h2 id="bank">{text.bankAccount}</h2>
      <div role="status">{saved && <Notice tone="info">{text.bankSaved}</Notice>}</div>
      {shown === null ? (
        <Absent loaded={loaded} again={again} />
      ) : shown.account === '' ? (
        <p class="muted">{text.noBank}</p>
      ) : (
        <dl class="facts">
          {(['bank', 'account', 'holder'] as const).map((name) => (
            <div key={name}>
              <dt>{text.bankFields[name]}</dt>
              <dd class={name === 'account' ? 'code' : ''}>{shown[name]}</dd>
            </div>
          ))}
        </dl>
      )}
      {shown !== null && !open && (
        <p>
          <button
            type="button"
            class="button"
            name="change-bank"
            onClick={() => {
              setOpen(true);
              setSaved(false);
            }}
          >
            {shown.account === '' ? text.setBank : text.changeBank}
          </button>
        </p>
      )}
      {open && (
        <Form
          site={site}
          onClose={() => setOpen(false)}
          onSaved={() => {
            setOpen(false);
            setSaved(true);
            again();
          }}
        />
      )}
    </section>
  );
}

const nothing: Account & { key: string } = { bank: '', account: '', holder: '', key: '' };
const names = ['bank', 'account', 'holder', 'key'] as const;

function Form({ site, onSaved, onClose }: { site: Site; onSaved(): void; onClose(): void }) {
  const text = useTexts(texts);
  const [typed, setTyped] = useState(nothing);
  const [tried, setTried] = useState(false);
  const [wrongKey, setWrongKey] = useState(false);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const faultOf = (name: (typeof names)[number]): string | undefined => {
    if (name === 'key' && wrongKey) return text.wrongKey;
    if (!tried) return undefined;
    if (typed[name].trim() === '') return text.missing;
    return name === 'account' && !/^[\d-]+$/.test(typed.account.trim()) ? text.badAccount : undefined;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setTried(true);
    const isNumber = /^[\d-]+$/.test(typed.account.trim());
    if (!isNumber || names.some((name) => typed[name].trim() === '')) return focusFirstFault(form.current);
    setBusy(true);
    setProblem('');
    try {
      const [bank, account, holder] = [typed.bank, typed.account, typed.holder].map((value) => value.trim()) as [string, string, string];
      const answer: Answer = await setBankAccount({ id: site.id, key: typed.key.trim() }, { bank, account, holder });
      if (answer.status === 200) return onSaved();
      if (answer.status === 401) {
        setWrongKey(true);
        focusFirstFault(form.current);
      } else setProblem(answer.status === 400 ? ((answer.body as { error?: { message?: string } } | null)?.error?.message ?? text.noAnswer) : text.noAnswer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setProblem(text.noAnswer);
    }
    setBusy(false);
  };

  return (
    <form class="affiliate-form affiliate-bank" ref={form} onSubmit={submit} noValidate>
      <p class="muted">{text.bankText}</p>
      {names.map((name) => (
        <Field
          key={name}
          type={name === 'key' ? 'password' : 'text'}
          label={text.bankFields[name]}
          name={name}
          value={typed[name]}
          onValue={(value) => {
            setTyped({ ...typed, [name]: value });
            if (name === 'key') setWrongKey(false);
          }}
          error={faultOf(name)}
          hint={name === 'key' ? text.keyHint : undefined}
          inputMode={name === 'account' ? 'numeric' : undefined}
          autoComplete="off"
          maxLength={name === 'key' ? undefined : 100}
          aria-required
        />
      ))}
      {problem && <Notice tone="bad">{problem}</Notice>}
      <div class="affiliate-buttons">
        <SubmitButton busy={busy} busyLabel={text.saving}>
          {text.keep}
        </SubmitButton>
        <button type="button" class="button" onClick={onClose}>
          {text.close}
        </button>
      </div>
    </form>
  );
}
