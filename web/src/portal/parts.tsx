// What the portal's views share.
import { count, percent } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Loading, Notice, Outcome } from '../base/ui';
import type { Campaign } from './api';
import type { Loaded } from './load';
import { texts } from './texts';

const tones: Record<Campaign['status'], string> = {
  IN_PROGRESS: 'good',
  READY: 'good',
  COMPLETED: 'quiet',
  TEMPORARY_SAVED: 'quiet',
  UNDER_REVIEW: 'wait',
  REVISION_REQUESTED: 'wait',
  REJECTED: 'bad',
};

/** The status, and the phase of a live campaign. A status that came after this page was made reads as the server says it. */
export function Status({ campaign }: { campaign: Campaign }) {
  const text = useTexts(texts);
  const phase = text.phases[campaign.statusCode];
  return (
    <span class={`badge badge-${tones[campaign.status] ?? 'quiet'}`}>
      {text.statuses[campaign.status] ?? campaign.statusLabel}
      {phase && <span class="badge-phase"> · {phase}</span>}
    </span>
  );
}

export function Bar({ label, part, whole }: { label: string; part: number; whole: number }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const share = percent(part, whole);
  return (
    <div class="bar">
      <div class="bar-label">
        <span>{label}</span>
        <span>
          <span class="number">{text.of(count(part, language), count(whole, language))}</span>{' '}
          <span class="muted number">{share}%</span>
        </span>
      </div>
      <progress max={100} value={share} aria-label={`${label}: ${text.of(count(part, language), count(whole, language))}`} />
    </div>
  );
}

/** The product's picture, or its first letter when there is none. Pictures come from other sites, which learn nothing of us. */
export function Thumbnail({ campaign }: { campaign: Campaign }) {
  const url = campaign.thumbnailUrl;
  return (
    <span class="thumbnail" aria-hidden="true">
      <span>{campaign.name.trim().charAt(0)}</span>
      {url?.startsWith('https://') && (
        <img src={url} alt="" loading="lazy" referrerpolicy="no-referrer" onError={(event) => event.currentTarget.remove()} />
      )}
    </span>
  );
}

/** At the end of a list of which there is more. */
export function MoreButton({ list }: { list: { isMore: boolean; busy: boolean; broken: boolean; more(): void } }) {
  const text = useTexts(texts);
  return (
    <>
      {list.broken && <Notice tone="bad">{text.brokenTitle}</Notice>}
      {list.isMore && (
        <button type="button" class="button" aria-disabled={list.busy} onClick={list.more}>
          {list.busy ? text.loadingMore : text.more}
        </button>
      )}
    </>
  );
}

/** What stands in place of a view that is not there. */
export function Absent({ loaded, again, missing }: { loaded: Loaded<unknown>; again(): void; missing?: string }) {
  const text = useTexts(texts);
  if (loaded.is === 'loading') return <Loading label={text.loading} />;
  if (loaded.is === 'missing') return <Outcome tone="bad" title={missing ?? text.notFoundTitle} text={text.notFoundText} />;
  return (
    <Outcome tone="bad" title={text.brokenTitle} text={text.brokenText}>
      <button type="button" class="button" onClick={again}>
        {text.again}
      </button>
    </Outcome>
  );
}
