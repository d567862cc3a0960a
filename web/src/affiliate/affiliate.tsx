// An affiliate's own page: sign-in with its id and key, then what it does every day, in views that the address names.
import { useEffect, useRef, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { LanguageSwitch, useTexts } from '../base/language';
import { Field, focusFirstFault, Heading, Logo, Notice, Page, SubmitButton, useTitle } from '../base/ui';
import { SignedOut } from '../portal/load';
import { readReward, type Site } from './api';
import { BankAccount } from './bank';
import { ClickDays, Clicks } from './clicks';
import { Conversions } from './conversions';
import { Merchants, Promos } from './links';
import { Log } from './log';
import { RewardForm } from './reward';
import { Statements } from './statements';
import { texts } from './texts';

const views = ['links', 'clicks', 'conversions', 'statements', 'rewards'] as const;
type View = (typeof views)[number];

const viewOf = (): View => views.find((view) => location.hash === `#${view}`) ?? 'links';

function useView(): View {
  const [view, setView] = useState(viewOf);
  useEffect(() => {
    const update = () => setView(viewOf());
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return view;
}

export function AffiliatePage() {
  const text = useTexts(texts);
  useTitle(text.title);
  const [site, setSite] = useState<Site | null>(null);
  if (site === null) return <SignIn onSignedIn={setSite} />;
  const signOut = () => setSite(null);
  return (
    <SignedOut.Provider value={signOut}>
      <Frame site={site} onSignOut={signOut} />
    </SignedOut.Provider>
  );
}

function Frame({ site, onSignOut }: { site: Site; onSignOut(): void }) {
  const text = useTexts(texts);
  const view = useView();
  return (
    <div class="page page-portal">
      <header class="portal-header">
        <div class="portal-bar">
          <Logo />
          <div class="portal-account">
            <LanguageSwitch />
            <button type="button" class="button button-small" onClick={onSignOut}>
              {text.signOut}
            </button>
          </div>
        </div>
        <div class="portal-bar">
          <nav class="tabs" aria-label={text.navigation}>
            {views.map((each) => (
              <a key={each} href={`#${each}`} aria-current={each === view ? 'page' : undefined}>
                {text.views[each]}
              </a>
            ))}
          </nav>
          <p class="portal-who">
            <strong>{site.id}</strong>
          </p>
        </div>
      </header>
      <main class="affiliate" key={view}>
        <Heading>{text.views[view]}</Heading>
        {view === 'links' && (
          <>
            <Merchants site={site} />
            <Promos site={site} />
          </>
        )}
        {view === 'clicks' && (
          <>
            <ClickDays site={site} />
            <Clicks site={site} />
          </>
        )}
        {view === 'conversions' && <Conversions site={site} />}
        {view === 'statements' && (
          <>
            <Statements site={site} />
            <BankAccount site={site} />
          </>
        )}
        {view === 'rewards' && (
          <>
            <RewardForm site={site} />
            <Log site={site} />
          </>
        )}
      </main>
    </div>
  );
}

function SignIn({ onSignedIn }: { onSignedIn(site: Site): void }) {
  const text = useTexts(texts);
  const [id, setId] = useState('');
  const [key, setKey] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setTried(true);
    if (id.trim() === '' || key.trim() === '') return focusFirstFault(form.current);
    setBusy(true);
    setProblem(null);
    const site = { id: id.trim(), key: key.trim() };
    try {
      const { status } = await readReward(site);
      if (status === 200) return onSignedIn(site);
      setProblem(status < 500 ? text.wrong : text.noAnswer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setProblem(text.noAnswer);
    }
    setBusy(false);
  };

  return (
    <Page>
      <form class="card card-form" ref={form} onSubmit={submit} noValidate>
        <Heading focus={false}>{text.signInTitle}</Heading>
        <p>{text.signInText}</p>
        {problem && <Notice tone="bad">{problem}</Notice>}
        <Field
          label={text.id}
          name="a_id"
          value={id}
          onValue={setId}
          error={tried && id.trim() === '' ? text.missing : undefined}
          autoComplete="username"
          autocapitalize="none"
          spellcheck={false}
          aria-required
        />
        <Field
          label={text.key}
          type="password"
          name="auth_key"
          value={key}
          onValue={setKey}
          error={tried && key.trim() === '' ? text.missing : undefined}
          autoComplete="current-password"
          aria-required
        />
        <SubmitButton busy={busy} busyLabel={text.signingIn}>
          {text.signIn}
        </SubmitButton>
      </form>
    </Page>
  );
}
