// The invitation: a manager chooses a password and lands in the portal.
import { useEffect, useRef, useState } from 'preact/hooks';

import { Failure, fieldsOf, read, send } from '../base/fetch';
import { count, dateTime } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { PasswordField } from '../base/password_field';
import { focusFirstFault, Heading, Loading, Notice, Outcome, Page, SubmitButton, useTitle } from '../base/ui';
import { longest, type Rule, rulesKept, strengthOf } from './password';
import { texts } from './texts';

interface Invite {
  companyName: string;
  email: string;
  status: 'open' | 'used' | 'expired';
  expiresAt: string;
}

const api = `/partner/api/invites/${location.pathname.split('/').filter(Boolean).pop() ?? ''}`;

export function Invitation() {
  const text = useTexts(texts);
  useTitle(text.title);
  const [invite, setInvite] = useState<Invite | null>(null);
  const [absent, setAbsent] = useState<'missing' | 'broken' | null>(null);

  const load = async () => {
    try {
      const { status, value } = await read<Invite>(api);
      setAbsent(value ? null : status === 404 || status === 400 ? 'missing' : 'broken');
      setInvite(value);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setAbsent('broken');
    }
  };
  useEffect(() => void load(), []);

  const content = () => {
    if (absent === 'missing') return <Outcome tone="bad" title={text.notFoundTitle} text={text.notFoundText} />;
    if (absent === 'broken') {
      return (
        <Outcome tone="bad" title={text.brokenTitle} text={text.brokenText}>
          <button type="button" class="button" onClick={() => void load()}>
            {text.again}
          </button>
        </Outcome>
      );
    }
    switch (invite?.status) {
      case undefined:
        return <Loading label={text.loading} />;
      case 'expired':
        return <Outcome tone="wait" title={text.expiredTitle} text={text.expiredText} />;
      case 'used':
        return (
          <Outcome tone="info" title={text.usedTitle} text={text.usedText}>
            <a class="button button-primary" href="/partner">
              {text.signIn}
            </a>
          </Outcome>
        );
      case 'open':
        return <PasswordForm invite={invite as Invite} onGone={() => void load()} />;
    }
  };
  return <Page>{content()}</Page>;
}

function PasswordForm({ invite, onGone }: { invite: Invite; onGone(): void }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | undefined>();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const kept = rulesKept(password, invite.email, invite.companyName);
  const strength = strengthOf(password);

  const refuse = (why: string) => {
    setError(why);
    focusFirstFault(form.current);
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (!Object.values(kept).every(Boolean)) return refuse(text.keepRules);
    setBusy(true);
    setProblem(null);
    try {
      const answer = await send('POST', api, { password });
      if (answer.status === 200) {
        const { redirect } = answer.body as { redirect?: string };
        location.assign(redirect?.startsWith('/partner') ? redirect : '/partner');
        return;
      }
      if (answer.status === 422 && 'password' in fieldsOf(answer)) refuse(text.refused);
      else if (answer.status === 410 || answer.status === 404) onGone();
      else if (answer.retryAfterSeconds !== null) setProblem(text.busy(count(answer.retryAfterSeconds, language)));
      else setProblem(text.noAnswer);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      setProblem(text.noAnswer);
    }
    setBusy(false);
  };

  return (
    <form class="card card-form" ref={form} onSubmit={submit} noValidate>
      <Heading>{text.welcome(invite.companyName)}</Heading>
      <p>{text.intro}</p>
      {problem && <Notice tone="bad">{problem}</Notice>}
      <dl class="facts">
        <dt>{text.email}</dt>
        <dd>{invite.email}</dd>
      </dl>
      {/* Password managers store the address from a field of the form. */}
      <input class="visually-hidden" type="email" name="email" autocomplete="username" value={invite.email} readOnly tabIndex={-1} aria-hidden="true" />
      <PasswordField
        label={text.password}
        name="password"
        value={password}
        onValue={(typed) => {
          setPassword(typed);
          setError(undefined);
        }}
        error={error}
        autoComplete="new-password"
        maxLength={longest}
        aria-required
      />
      <div class="strength">
        <div class={`strength-bar strength-${strength}`} aria-hidden="true">
          {[1, 2, 3, 4].map((step) => (
            <span key={step} class={step <= strength ? 'reached' : ''} />
          ))}
        </div>
        <span role="status">
          {text.strength}: {text.strengths[strength]}
        </span>
      </div>
      <h2 class="eyebrow" id="rules">
        {text.rulesTitle}
      </h2>
      <ul class="rules" aria-labelledby="rules">
        {(Object.keys(kept) as Rule[]).map((rule) => (
          <li key={rule} class={kept[rule] ? 'kept' : ''}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              {kept[rule] ? <path d="M3 8.500l3.500 3.500L13 5" /> : <circle cx="8" cy="8" r="3" />}
            </svg>
            {text.rules[rule]}
            <span class="visually-hidden">: {kept[rule] ? text.kept : text.notKept}</span>
          </li>
        ))}
      </ul>
      <SubmitButton busy={busy} busyLabel={text.submitting}>
        {text.submit}
      </SubmitButton>
      <p class="fine muted">{text.validUntil(dateTime(invite.expiresAt, language))}</p>
    </form>
  );
}
