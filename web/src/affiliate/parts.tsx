import { useTexts } from '../base/language';
import { Loading, Notice } from '../base/ui';
import type { Loaded } from '../portal/load';
import { texts } from './texts';

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
