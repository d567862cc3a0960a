// Which of the console's views the address names. The server gives the same page for each of them.
import { type ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export interface Place {
  /** The decoded segments after /console. */
  path: string[];
  query: Record<string, string>;
}

const base = '/console';
const moved = 'jangbu:moved';

/** Of a segment that nobody could have encoded so: as it stands. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return segment;
  }
}

function here(): Place {
  const path = location.pathname.slice(base.length).split('/').filter(Boolean).map(decoded);
  return { path, query: Object.fromEntries(new URLSearchParams(location.search)) };
}

export function hrefOf(path: string[], query: Record<string, string> = {}): string {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return [base, ...path.map(encodeURIComponent)].join('/') + (asked.size > 0 ? `?${asked}` : '');
}

/** How each list was narrowed when it was last seen. */
const lists = new Map<string, Record<string, string>>();

export const remember = ({ path, query }: Place): void => void lists.set(path.join('/'), query);

export const lastQuery = (path: string[]): Record<string, string> => lists.get(path.join('/')) ?? {};

/** `replace`: Back does not lead to the place before. */
export function go(href: string, replace = false): void {
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  dispatchEvent(new Event(moved));
  if (!replace) scrollTo(0, 0);
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const update = () => setPlace(here());
    addEventListener('popstate', update);
    addEventListener(moved, update);
    return () => {
      removeEventListener('popstate', update);
      removeEventListener(moved, update);
    };
  }, []);
  return place;
}

/** A link within the console: it loads nothing anew, unless it is opened elsewhere. */
export function Link(properties: { to: string[]; query?: Record<string, string>; class?: string; current?: boolean; children: ComponentChildren }) {
  const href = hrefOf(properties.to, properties.query);
  return (
    <a
      href={href}
      class={properties.class}
      aria-current={properties.current ? 'page' : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(href);
      }}
    >
      {properties.children}
    </a>
  );
}
