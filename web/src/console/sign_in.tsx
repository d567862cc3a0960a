import { useRef, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { PasswordField } from '../base/password_field';
import { Field, focusFirstFault, Heading, Notice, Page, SubmitButton, useTitle } from '../base/ui';
import { change } from './api';
import { useSay, words } from './words';

const text = {
  title: words('장부 운영', 'Jangbu console'),
  about: words('운영자 계정으로 로그인하세요.', 'Sign in with an operator’s account.'),
  email: words('이메일', 'E-mail'),
  password: words('비밀번호', 'Password'),
  needed: words('입력해 주세요.', 'Please fill this in.'),
  signIn: words('로그인', 'Sign in'),
  busy: words('로그인하는 중입니다', 'Signing in'),
  wrong: words('이메일이나 비밀번호가 맞지 않습니다.', 'The e-mail or the password is not right.'),
  noAnswer: words('응답을 받지 못했습니다. 연결을 확인한 뒤 다시 시도해 주세요.', 'No answer came. Check your connection and try again.'),
  wait: words('시도가 너무 많습니다. 1분 뒤에 다시 시도해 주세요.', 'Too many tries. Please try again in a minute.'),
};

export function SignIn({ onSignedIn }: { onSignedIn(): void }) {
  const say = useSay();
  useTitle(say(text.title));
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setTried(true);
    if (email.trim() === '' || password === '') return focusFirstFault(form.current);
    setBusy(true);
    setProblem(null);
    try {
      const { status } = await change('POST', '/session', { email: email.trim(), password });
      if (status === 200) return onSignedIn();
      setProblem(say(status === 429 ? text.wait : status < 500 ? text.wrong : text.noAnswer));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setProblem(say(text.noAnswer));
    }
    setBusy(false);
  };

  const fault = (value: string) => (tried && value.trim() === '' ? say(text.needed) : undefined);
  return (
    <Page>
      <form class="card card-form" ref={form} onSubmit={(event) => void submit(event)} noValidate>
        <Heading focus={false}>{say(text.title)}</Heading>
        <p>{say(text.about)}</p>
        {problem && <Notice tone="bad">{problem}</Notice>}
        <Field label={say(text.email)} type="email" name="email" value={email} onValue={setEmail} error={fault(email)} autoComplete="username" autocapitalize="none" spellcheck={false} aria-required />
        <PasswordField label={say(text.password)} name="password" value={password} onValue={setPassword} error={fault(password)} autoComplete="current-password" aria-required />
        <SubmitButton busy={busy} busyLabel={say(text.busy)}>
          {say(text.signIn)}
        </SubmitButton>
      </form>
    </Page>
  );
}
