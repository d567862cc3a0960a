// Which of the portal's views the address names. The server gives the same page for each of them.
import { type ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export type View =
  | { at: 'campaigns' }
  | { at: 'campaign'; id: string }
  | { at: 'reviews'; campaign: string | null }
  | { at: 'review'; id: string }
  | { at: 'deposit' }
  | { at: 'account' }
  | { at: 'forgotten' };

export const paths = {
  campaigns: '/partner',
  campaign: (id: string) => `/partner/campaigns/${encodeURIComponent(id)}`,
  reviews: '/partner/reviews',
  reviewsOf: (campaign: string) => `/partner/reviews?campaign=${encodeURIComponent(campaign)}`,
  review: (id: string) => `/partner/reviews/${encodeURIComponent(id)}`,
  deposit: '/partner/deposit',
  account: '/partner/account',
  forgotten: '/partner/forgot-password',
};

function viewOf({ pathname, search }: Location): View {
  const [, , section, id] = pathname.split('/');
  if (section === 'deposit') return { at: 'deposit' };
  if (section === 'account') return { at: 'account' };
  if (section === 'forgot-password') return { at: 'forgotten' };
  if (section === 'campaigns' && id) return { at: 'campaign', id: decodeURIComponent(id) };
  if (section === 'reviews' && id) return { at: 'review', id: decodeURIComponent(id) };
  if (section === 'reviews') return { at: 'reviews', campaign: new URLSearchParams(search).get('campaign') };
  return { at: 'campaigns' };
}

const moved = 'jangbu:moved';

export function useView(): View {
  const [view, setView] = useState(() => viewOf(location));
  useEffect(() => {
    const update = () => setView(viewOf(location));
    addEventListener('popstate', update);
    addEventListener(moved, update);
    return () => {
      removeEventListener('popstate', update);
      removeEventListener(moved, update);
    };
  }, []);
  return view;
}

/** A link within the portal: it loads nothing anew, unless it is opened elsewhere. */
export function Link(properties: { href: string; class?: string; current?: boolean; children: ComponentChildren }) {
  return (
    <a
      href={properties.href}
      class={properties.class}
      aria-current={properties.current ? 'page' : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        history.pushState(null, '', properties.href);
        dispatchEvent(new Event(moved));
        scrollTo(0, 0);
      }}
    >
      {properties.children}
    </a>
  );
}
