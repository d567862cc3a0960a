// The sandbox's cards; a click fills the form.
import { useState } from 'preact/hooks';

import { useTexts } from '../base/language';
import { groupNumber } from './card';
import type { TestCard } from './session';
import { texts } from './texts';

export function TestCards({ cards, onChoose }: { cards: TestCard[]; onChoose(number: string): void }) {
  const text = useTexts(texts);
  // On a narrow screen the form comes first to the eye, and the list unfolds on demand.
  const [open, setOpen] = useState(() => matchMedia('(min-width: 52rem)').matches);
  return (
    <details class="card test-cards" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.testTitle}</summary>
      <p class="muted">{text.testText}</p>
      <ul>
        {cards.map(({ number, outcome }) => (
          <li key={number}>
            <button type="button" onClick={() => onChoose(number)}>
              <span class="visually-hidden">{text.testUse}</span>
              <span class="code">{groupNumber(number)}</span>
              <span class="muted">{text.testOutcomes[outcome] ?? outcome}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
