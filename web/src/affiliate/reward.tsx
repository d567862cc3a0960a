import { useEffect, useState } from 'preact/hooks';

import { faultOf, faultsOf, reasonOf } from '../base/fault';
import { Failure } from '../base/fetch';
import { useLanguage, useTexts } from '../base/language';
import { Field, Notice, SubmitButton } from '../base/ui';
import { useLoaded } from '../portal/load';
import { type Reward, readReward, setReward, type Site, testReward, type Trial } from './api';
import { Absent } from './parts';
import { texts } from './texts';

const tones: Record<Reward['status'], string> = { NONE: 'quiet', REQUESTED: 'wait', APPROVED: 'good', REJECTED: 'bad' };

export function RewardForm({ site }: { site: Site }) {
  const text = useTexts(texts);
  const [loaded, again] = useLoaded('reward', () => readReward(site));
  return (
    <section class="card" aria-labelledby="reward">
      <h2 id="reward">{text.reward}</h2>
      <p class="muted">{text.rewardText}</p>
      {loaded.is === 'there' ? <Form site={site} first={loaded.value} /> : <Absent loaded={loaded} again={again} />}
    </section>
  );
}

type Said = { tone: 'bad' | 'info'; what: string } | null;

function Form({ site, first }: { site: Site; first: Reward }) {
  const text = useTexts(texts);
  const language = useLanguage();
  const [reward, setKept] = useState(first);
  const [url, setUrl] = useState(first.postback_url ?? '');
  const [uniqId, setUniqId] = useState(first.uniq_id);
  const [busy, setBusy] = useState<'save' | 'test' | null>(null);
  const [said, setSaid] = useState<Said>(null);
  const [fault, setFault] = useState('');
  useEffect(() => setKept(first), [first]);

  const work = async (what: 'save' | 'test', body: () => Promise<Said>) => {
    if (busy) return;
    setBusy(what);
    setSaid(null);
    setFault('');
    try {
      setSaid(await body());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setSaid({ tone: 'bad', what: text.noAnswer });
    }
    setBusy(null);
  };
  const save = (event: Event) => {
    event.preventDefault();
    void work('save', async () => {
      const answer = await setReward(site, { postback_url: url.trim(), uniq_id: uniqId });
      if (answer.status === 200) {
        setKept(answer.body as Reward);
        return { tone: 'info', what: text.saved };
      }
      if (answer.status === 400) {
        const { of, rest } = faultsOf(answer, ['postback_url'], language);
        setFault(of['postback_url'] ?? rest ?? '');
        return null;
      }
      return { tone: 'bad', what: text.noAnswer };
    });
  };
  const test = () =>
    void work('test', async () => {
      const answer = await testReward(site);
      if (answer.status !== 200) return { tone: 'bad', what: faultOf(answer, language) };
      const trial = answer.body as Trial;
      if (trial.delivered) return { tone: 'info', what: text.testGood(trial.status ?? 0, trial.duration_ms ?? 0) };
      return { tone: 'bad', what: text.testBad(trial.error === null ? text.noAnswer : reasonOf(trial.error, language)) };
    });

  return (
    <form class="affiliate-form" onSubmit={save} noValidate>
      <p>
        <span class={`badge badge-${tones[reward.status]}`}>{text.rewardStates[reward.status]}</span>
      </p>
      <Field
        label={text.url}
        type="url"
        name="postback_url"
        value={url}
        onValue={setUrl}
        hint={text.urlHint}
        error={fault || undefined}
        spellcheck={false}
        autocapitalize="none"
      />
      <label class="affiliate-check">
        <input type="checkbox" name="uniq_id" checked={uniqId} onChange={(event) => setUniqId(event.currentTarget.checked)} />
        <span>{text.uniqId}</span>
      </label>
      {said && <Notice tone={said.tone}>{said.what}</Notice>}
      <div class="affiliate-buttons">
        <SubmitButton busy={busy === 'save'} busyLabel={text.saving}>
          {reward.status === 'APPROVED' ? text.keep : text.save}
        </SubmitButton>
        <button type="button" class="button" name="test" disabled={reward.postback_url === null} aria-disabled={busy !== null} onClick={test}>
          {busy === 'test' ? text.testing : text.test}
        </button>
      </div>
    </form>
  );
}
