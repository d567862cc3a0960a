import { useTexts } from '../base/language';
import { Loading, Notice } from '../base/ui';
import type { Loaded } from '../portal/load';
import { texts } from './texts';

/** At the end of a list of which there is more. */
export function MoreButton({ list }: { list: { isMore: boolean; busy: boolean; broken: boolean; more(): void } }) {
  const text = useTexts(texts);
  return (
    <>
      {list.broken && <Notice tone="bad">{text.noAnswer}</Notice>}
      {list.isMore && (
        <button type="button" class="button" aria-disabled={list.busy} onClick={list.more}>
          {list.busy ? text.loading : text.more}
        </button>
      )}
    </>
  );
}

/** What stands in place of a part that is not there. */
export function Absent({ loaded, again }: { loaded: Loaded<unknown>; again(): void }) {
  const text = useTexts(texts);
  if (loaded.is === 'loading') return <Loading label={text.loading} />;
  return (
    <Notice tone="bad">
      {text.noAnswer}{' '}
      <button type="button" class="link-button" onClick={again}>
        {text.again}
      </button>
    </Notice>
  );
}
