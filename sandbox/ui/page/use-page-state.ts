import { useSyncExternalStore } from 'react';
import type { Snapshot } from '../snapshot.ts';

/** The state in the page's URL: person, time zone, and place. */
type PageState = {
  /** Handle or id, `?user=milo`. */
  user: string;
  /** IANA, `?tz=Europe/Berlin`; the browser's by default. */
  timeZone: string;
  /** `#customer-health` or `#home`; empty at first. */
  place: string;
};

/** The state in the URL, so that a reload shows the same. */
export function usePageState(): PageState {
  const place = useSyncExternalStore(watchHash, () => decodeURIComponent(location.hash.slice(1)));
  const query = new URLSearchParams(location.search);
  return {
    user: query.get('user') ?? '',
    timeZone: query.get('tz') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    place,
  };
}

/**
 * Adds the first person of the workspace to a URL that names nobody, and the first channel with messages to one that
 * names no place. Sets the browser's cookie, so that the consent page knows the person.
 */
export async function completeUrl(): Promise<void> {
  const url = new URL(location.href);
  const response = await fetch(`/api/snapshot${url.search}`);
  if (!response.ok) return;
  const { you, looksAs, channels }: Snapshot = await response.json();
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser
  document.cookie = `local_slack_user=${you.id}; path=/; SameSite=Lax`;
  if (!url.searchParams.has('user')) url.searchParams.set('user', looksAs);
  if (url.hash === '') url.hash = channels.find(({ messages }) => messages.length > 0)?.name ?? '';
  history.replaceState(null, '', url);
}

/** Switches the person, at the same place. */
export function switchUser(name: string): void {
  const url = new URL(location.href);
  url.searchParams.set('user', name);
  location.assign(url);
}

function watchHash(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}
