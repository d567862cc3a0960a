// A manager's own account: the address, another password, and who else comes in.
import { useContext, useRef, useState } from 'preact/hooks';

import { Failure, fieldsOf } from '../base/fetch';
import { count } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { keepsRules, NewPassword } from '../base/new_password';
import { PasswordField } from '../base/password_field';
import { focusFirstFault, Heading, Notice, SubmitButton } from '../base/ui';
import { changePassword, type Me } from './api';
import { SignedOut } from './load';
import { Managers } from './managers';
import { Link, paths } from './route';
import { texts } from './texts';

export function Account({ me }: { me: Me }) {
  const text = useTexts(texts);
  return (
    <>
      <div class="view-header">
        <Heading>{text.account}</Heading>
      </div>
      <div class="columns">
        <PasswordForm me={me} />
        <div>
          <section class="card">
            <dl class="facts">
              <div>
                <dt>{text.company}</dt>
                <dd>{me.companyName}</dd>
              </div>
              <div>
                <dt>{text.email}</dt>
                <dd>{me.email}</dd>
              </div>
            </dl>
            <p class="fine muted">{text.accountHint}</p>
          </section>
          <Managers me={me} />
        </div>
      </div>
    </>
  );
}

interface Faults {
  current?: string;
  password?: string;
}

function PasswordForm({ me }: { me: Me }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const signedOut = useContext(SignedOut);
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const refuse = (why: Faults) => {
    setFaults(why);
    focusFirstFault(form.current);
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setDone(false);
    if (current === '') return refuse({ current: text.missing });
    if (!keepsRules(password, me.email, me.companyName)) return refuse({ password: text.keepRules });
    setBusy(true);
    setProblem(null);
    try {
      const answer = await changePassword(current, password);
      if (answer.status === 401) return signedOut();
      if (answer.status === 200) {
        setCurrent('');
        setPassword('');
        setDone(true);
      } else if (answer.status === 422) refuse('current' in fieldsOf(answer) ? { current: text.wrongCurrent } : { password: text.keepRules });
      else if (answer.retryAfterSeconds !== null) setProblem(text.busy(count(answer.retryAfterSeconds, language)));
      else setProblem(text.noAnswer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setProblem(text.noAnswer);
    }
    setBusy(false);
  };

  return (
    <form class="card card-form" ref={form} onSubmit={submit} noValidate aria-labelledby="change-password">
      <h2 id="change-password">{text.changePassword}</h2>
      <p class="muted">{text.changePasswordText}</p>
      {problem && <Notice tone="bad">{problem}</Notice>}
      <div role="status">{done && <Notice tone="info">{text.passwordChanged}</Notice>}</div>
      <PasswordField
        label={text.currentPassword}
        name="current"
        value={current}
        onValue={(typed) => {
          setCurrent(typed);
          setFaults({});
        }}
        error={faults.current}
        autoComplete="current-password"
        aria-required
      />
      <p class="account-forgotten">
        <Link href={paths.forgotten}>{text.forgotten}</Link>
      </p>
      <NewPassword
        password={password}
        onPassword={(typed) => {
          setPassword(typed);
          setFaults({});
        }}
        error={faults.password}
        email={me.email}
        companyName={me.companyName}
      />
      <SubmitButton busy={busy} busyLabel={text.saving}>
        {text.changePassword}
      </SubmitButton>
    </form>
  );
}
