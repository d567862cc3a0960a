// Something that an operator does: a button, a dialog that says what will happen and asks for what is needed, and a toast.
// What the answer shows only once stays in the dialog until it is closed.
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { faultOf, faultsOf } from '../base/fault';
import { type Answer, Failure } from '../base/fetch';
import { useLanguage } from '../base/language';
import { focusFirstFault, Notice, SubmitButton } from '../base/ui';
import { change, type Item, type Json, type Method, type Role } from './api';
import { Code, type Fact, Facts, Nothing, type Show } from './cells';
import { may, useSession } from './session';
import { useSay, type Words, words } from './words';

export interface Input {
  name: string;
  label: Words;
  type?: 'text' | 'email' | 'password' | 'number' | 'multiline' | 'date' | 'datetime-local';
  options?: [string, Words][];
  hint?: Words;
  /** What it must be, said when the server refuses it; without it the server's own words are shown. */
  rule?: Words;
  value?: string;
  /** The most that a number may be; more than that is not sent. */
  most?: string;
  optional?: boolean;
}

export interface Call {
  method: Method;
  path: string;
  body?: Json;
}

export interface Action {
  label: Words;
  /** Who may. */
  for: Role;
  /** What will happen, in a sentence or two. */
  text: Words;
  /** What it is done to, where the dialog stands over more than that: who it is and how much. */
  subject?: { item: Item; facts: Fact[] };
  /** It cannot be taken back. */
  grave?: boolean;
  primary?: boolean;
  inputs?: Input[];
  /** The server judges all inputs at once, those that are missing too: what is wrong is shown at each of them. */
  form?: boolean;
  call(values: Record<string, string>): Call;
  /** What asks for the rest, where one call does only some of it; null: all is done. */
  rest?(answer: Item, values: Record<string, string>): Call | null;
  /** What was done; `answers`: of every call. */
  done: Words | ((answers: Item[]) => Words);
  /** What the answers of a success say was refused; null: nothing. */
  refused?(answers: Item[]): Words | null;
  /** Members of the answer that are shown once: what they are called. */
  secrets?: [string, Words][];
}

const text = {
  cancel: words('취소', 'Cancel'),
  close: words('닫기', 'Close'),
  busy: words('처리하는 중입니다', 'Working'),
  needed: words('입력해 주세요.', 'Please fill this in.'),
  optional: words('(선택)', '(optional)'),
  noAnswer: words('응답을 받지 못했습니다. 되었는지 확인한 뒤 다시 시도해 주세요.', 'No answer came. See whether it was done before you try again.'),
  once: words('지금 한 번만 보여 드립니다. 안전한 곳에 옮겨 두세요.', 'This is shown once. Put it in a safe place now.'),
  mend: words('표시한 곳을 고쳐 주세요.', 'Please mend what is marked.'),
  leave: words('입력한 내용을 버리고 닫을까요?', 'Close this and lose what you have typed?'),
  stay: words('계속 입력', 'Go on typing'),
  lose: words('버리고 닫기', 'Lose it and close'),
  mayNot: words('권한이 없습니다.', 'Your role does not allow this.'),
};

export function ActionButton({ action, onDone }: { action: Action; onDone?: (answer: Item) => void }) {
  const say = useSay();
  const { me } = useSession();
  const [open, setOpen] = useState(false);
  if (!may(me.role, action.for)) return null;
  return (
    <>
      <button type="button" class={`button button-small${action.primary ? ' button-primary' : ''}${action.grave ? ' button-grave' : ''}`} onClick={() => setOpen(true)}>
        {say(action.label)}
      </button>
      {open && <ActionDialog action={action} onClose={() => setOpen(false)} onDone={onDone ?? (() => undefined)} />}
    </>
  );
}

/** The column of what can be done with each thing of a list. */
export const rowActions = (actionsOf: (item: Item) => Action[]): { label: Words; show: Show } => ({
  label: words('할 일', 'Actions'),
  show: {
    as: 'made',
    of: (item, again) => <RowActions actions={actionsOf(item)} again={again} />,
  },
});

/** Those that the reader may. */
function RowActions({ actions, again }: { actions: Action[]; again(): void }) {
  const { me } = useSession();
  const offered = actions.filter((action) => may(me.role, action.for));
  if (offered.length === 0) return <Nothing />;
  return (
    <span class="row-actions">
      {offered.map((action) => (
        <ActionButton key={action.label.en} action={action} onDone={again} />
      ))}
    </span>
  );
}

/** Calls until nothing is left to be asked for. `failed`: the answer that was no success; null: none came. */
async function callAll(action: Action, values: Record<string, string>): Promise<{ answers: Item[]; failed?: Answer | null }> {
  const answers: Item[] = [];
  try {
    for (let call: Call | null = action.call(values); call !== null; ) {
      const answer = await change(call.method, call.path, call.body);
      if (answer.status >= 300) return { answers, failed: answer };
      const item = (answer.body ?? {}) as Item;
      answers.push(item);
      call = action.rest?.(item, values) ?? null;
    }
    return { answers };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { answers, failed: null };
  }
}

function ActionDialog({ action, onClose, onDone }: { action: Action; onClose(): void; onDone(answer: Item): void }) {
  const say = useSay();
  const language = useLanguage();
  const { end, toast } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const inputs = action.inputs ?? [];
  const [first] = useState<Record<string, string>>(Object.fromEntries(inputs.map(({ name, value }) => [name, value ?? ''])));
  const [values, setValues] = useState(first);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Item | null>(null);
  const [leaving, setLeaving] = useState(false);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  const isMissing = (input: Input) => !input.optional && (values[input.name] ?? '').trim() === '';
  const isTooMuch = ({ name, most }: Input) => most !== undefined && Number(values[name]) > Number(most);
  const faultOfInput = (input: Input): string | undefined => {
    if (tried && isMissing(input)) return say(text.needed);
    if (tried && isTooMuch(input)) return say(input.rule ?? text.mend);
    return faults[input.name] !== undefined && input.rule ? say(input.rule) : faults[input.name];
  };
  /** What is on its way may tell a secret; one that is told stays until somebody says that it was kept; what was typed is asked after. */
  const leaveByKey = () => {
    if (busy || told !== null) return;
    if (inputs.some(({ name }) => values[name] !== first[name])) setLeaving(true);
    else onClose();
  };

  // A browser closes a dialog at the second Escape whatever its cancel event is told, so the key itself is taken; it is the
  // document's where what had the focus is gone.
  useLayoutEffect(() => {
    const take = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      leaveByKey();
    };
    document.addEventListener('keydown', take);
    return () => document.removeEventListener('keydown', take);
  });

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setTried(true);
    setLeaving(false);
    setProblem(null);
    setFaults({});
    if ((!action.form && inputs.some(isMissing)) || inputs.some(isTooMuch)) return focusFirstFault(form.current);
    setBusy(true);
    const { answers, failed } = await callAll(action, values);
    if (failed?.status === 401) return end();
    setBusy(false);
    const [last] = answers.slice(-1);
    const done = say(typeof action.done === 'function' ? action.done(answers) : action.done);
    if (failed !== undefined) {
      let why = failed === null ? say(text.noAnswer) : failed.status === 403 ? say(text.mayNot) : faultOf(failed, language);
      if (failed?.status === 400) {
        const { of, rest } = faultsOf(failed, inputs.map(({ name }) => name), language);
        setFaults(of);
        why = rest ?? say(text.mend);
        focusFirstFault(form.current);
      }
      setProblem(last === undefined ? why : `${done}. ${why}`);
    } else {
      const refused = action.refused?.(answers) ?? null;
      if (refused === null) toast(done);
      if (refused !== null) setProblem(say(refused));
      else if (action.secrets) setTold(last ?? {});
      else onClose();
    }
    if (last !== undefined) onDone(last);
  };

  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={title}
      onClose={onClose}
      onCancel={(event) => event.preventDefault()}
    >
      <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
        <h2 id={title}>{say(action.label)}</h2>
        {told === null ? (
          <>
            <p>{say(action.text)}</p>
            {action.subject && (
              <div class="dialog-subject">
                <Facts item={action.subject.item} facts={action.subject.facts} narrow />
              </div>
            )}
            {problem !== null && <Notice tone="bad">{problem}</Notice>}
            {inputs.map((input) => (
              <InputField
                key={input.name}
                input={input}
                value={values[input.name] ?? ''}
                error={faultOfInput(input)}
                onValue={(value) => {
                  setValues({ ...values, [input.name]: value });
                  setFaults(Object.fromEntries(Object.entries(faults).filter(([name]) => name !== input.name)));
                }}
              />
            ))}
          </>
        ) : (
          <>
            <Notice tone="info">{say(text.once)}</Notice>
            <dl class="facts">
              {(action.secrets ?? []).map(([name, label]) => told[name] !== undefined && (
                <div key={name}>
                  <dt>{say(label)}</dt>
                  <dd>
                    <Code value={String(told[name])} />
                  </dd>
                </div>
              ))}
            </dl>
          </>
        )}
        {leaving && (
          <div class="dialog-leave" role="alert">
            <p>{say(text.leave)}</p>
            <button
              type="button"
              class="button button-small"
              onClick={() => {
                setLeaving(false);
                form.current?.querySelector<HTMLElement>('input, textarea, select')?.focus();
              }}
            >
              {say(text.stay)}
            </button>
            <button type="button" class="button button-small button-grave" onClick={onClose}>
              {say(text.lose)}
            </button>
          </div>
        )}
        <div class="dialog-buttons">
          <button type="button" class="button" aria-disabled={busy} onClick={() => !busy && dialog.current?.close()}>
            {say(told === null ? text.cancel : text.close)}
          </button>
          {told === null && (
            <span class={action.grave ? 'grave' : undefined}>
              <SubmitButton busy={busy} busyLabel={say(text.busy)}>
                {say(action.label)}
              </SubmitButton>
            </span>
          )}
        </div>
      </form>
    </dialog>
  );
}

function InputField({ input, value, error, onValue }: { input: Input; value: string; error: string | undefined; onValue(value: string): void }) {
  const say = useSay();
  const id = useId();
  const shared = {
    id,
    name: input.name,
    value,
    'aria-invalid': error ? (true as const) : undefined,
    'aria-describedby': [input.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined,
    'aria-required': !input.optional,
  };
  return (
    <div class="field">
      <label for={id}>
        {say(input.label)}
        {input.optional && <span class="muted"> {say(text.optional)}</span>}
      </label>
      <div class="field-row">
        {input.options ? (
          <select {...shared} onChange={(event) => onValue(event.currentTarget.value)}>
            {input.options.map(([each, label]) => (
              <option key={each} value={each}>
                {say(label)}
              </option>
            ))}
          </select>
        ) : input.type === 'multiline' ? (
          <textarea {...shared} rows={3} onInput={(event) => onValue(event.currentTarget.value)} />
        ) : (
          <input {...shared} type={input.type ?? 'text'} max={input.most} autocomplete={input.type === 'password' ? 'new-password' : 'off'} onInput={(event) => onValue(event.currentTarget.value)} />
        )}
      </div>
      {input.hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {say(input.hint)}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
