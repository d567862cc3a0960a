// The partner portal: sign-in when there is no session, else the views under one header.
import { useEffect, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { LanguageSwitch, useTexts } from '../base/language';
import { Loading, Logo, Outcome, Page, useTitle } from '../base/ui';
import { AccessRequests } from './access_requests';
import { Account } from './account';
import { type Me, readMe, signOut } from './api';
import { CampaignDetail } from './campaign';
import { Campaigns } from './campaigns';
import { Deposit } from './deposit';
import { ForgottenPassword } from './forgotten';
import { SignedOut } from './load';
import { ReviewDetail } from './review';
import { Reviews } from './reviews';
import { Link, paths, useView, type View } from './route';
import { SignIn } from './sign_in';
import { texts } from './texts';

type Session = { is: 'loading' } | { is: 'none' } | { is: 'broken' } | { is: 'open'; me: Me };

export function Portal() {
  const text = useTexts(texts);
  const view = useView();
  const [session, setSession] = useState<Session>({ is: 'loading' });

  const load = async () => {
    try {
      const { status, value } = await readMe();
      if (value) setSession({ is: 'open', me: value });
      else setSession({ is: status === 401 ? 'none' : 'broken' });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setSession({ is: 'broken' });
    }
  };
  useEffect(() => void load(), []);

  // Whoever has forgotten the password may still have a session.
  if (view.at === 'forgotten') return <ForgottenPassword />;
  switch (session.is) {
    case 'loading':
      return (
        <Page>
          <Loading label={text.loading} />
        </Page>
      );
    case 'none':
      return <SignInPage onSignedIn={() => void load()} />;
    case 'broken':
      return (
        <Page>
          <Outcome tone="bad" title={text.brokenTitle} text={text.brokenText}>
            <button type="button" class="button" onClick={() => void load()}>
              {text.again}
            </button>
          </Outcome>
        </Page>
      );
    case 'open':
      return (
        <SignedOut.Provider value={() => setSession({ is: 'none' })}>
          <Frame me={session.me} view={view} onSignedOut={() => setSession({ is: 'none' })} />
        </SignedOut.Provider>
      );
  }
}

function SignInPage({ onSignedIn }: { onSignedIn(): void }) {
  useTitle(useTexts(texts).signInTitle);
  return <SignIn onSignedIn={onSignedIn} />;
}

function Frame({ me, view, onSignedOut }: { me: Me; view: View; onSignedOut(): void }) {
  const text = useTexts(texts);
  const [failed, setFailed] = useState(false);
  const titles: Partial<Record<View['at'], string>> = { reviews: text.reviewsTitle, deposit: text.deposit, account: text.account };
  useTitle(titles[view.at] ?? text.campaigns);

  const leave = async () => {
    try {
      const { status } = await signOut();
      if (status < 300 || status === 401) return onSignedOut();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
    setFailed(true);
  };

  return (
    <div class="page page-portal">
      <header class="portal-header">
        <div class="portal-bar">
          <Logo />
          <div class="portal-account">
            <LanguageSwitch />
            <button type="button" class="button button-small" onClick={() => void leave()}>
              {text.signOut}
            </button>
          </div>
        </div>
        <div class="portal-bar">
          <nav class="tabs" aria-label={text.navigation}>
            <Link href={paths.campaigns} current={view.at === 'campaigns' || view.at === 'campaign'}>
              {text.campaigns}
            </Link>
            <Link href={paths.reviews} current={view.at === 'reviews' || view.at === 'review'}>
              {text.reviewsTitle}
            </Link>
            <Link href={paths.deposit} current={view.at === 'deposit'}>
              {text.deposit}
            </Link>
            <Link href={paths.account} current={view.at === 'account'}>
              {text.account}
            </Link>
          </nav>
          <p class="portal-who">
            <strong>{me.companyName}</strong> <span class="muted">{me.email}</span>
          </p>
        </div>
        {failed && (
          <p class="field-error" role="alert">
            {text.noAnswer}
          </p>
        )}
      </header>
      <main>
        {view.at === 'campaigns' && me.contact && <AccessRequests />}
        {view.at === 'campaigns' && <Campaigns />}
        {view.at === 'campaign' && <CampaignDetail key={view.id} id={view.id} />}
        {view.at === 'reviews' && <Reviews key={view.campaign ?? ''} campaign={view.campaign} />}
        {view.at === 'review' && <ReviewDetail key={view.id} id={view.id} />}
        {view.at === 'deposit' && <Deposit />}
        {view.at === 'account' && <Account me={me} />}
      </main>
    </div>
  );
}
