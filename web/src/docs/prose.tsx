// The little of Markdown that the description uses: paragraphs, lists, **bold**, *stress* and `code`.
import type { ComponentChildren } from 'preact';

function inline(text: string): ComponentChildren[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, index) => {
    if (part.startsWith('`') && part.length > 2) return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.startsWith('**') && part.length > 4) return <strong key={index}>{part.slice(2, -2)}</strong>;
    return part;
  });
}

export function Prose({ text }: { text: string | undefined }) {
  if (!text) return null;
  const blocks = text.trim().split(/\n\s*\n/);
  return (
    <div class="prose" lang="en">
      {blocks.map((block, index) =>
        block.startsWith('- ') ? (
          <ul key={index}>
            {block
              .split(/\n(?=- )/)
              .map((item, at) => <li key={at}>{inline(item.slice(2).replace(/\s+/g, ' '))}</li>)}
          </ul>
        ) : (
          <p key={index}>{inline(block.replace(/\s+/g, ' '))}</p>
        ),
      )}
    </div>
  );
}
