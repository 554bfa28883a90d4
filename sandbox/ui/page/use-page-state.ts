import { useSyncExternalStore } from 'react';
import type { Snapshot } from '../snapshot.ts';

type PageState = {
  /** Handle or id, `?user=milo`. */
  user: string;
  /** `?tz=Europe/Berlin`; the browser's by default. */
  timeZone: string;
  /** `#customer-health` or `#home`; empty at first. */
  place: string;
};

/** In the URL, so that a reload shows the same. */
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
 * Names the first person and the first channel with messages, where the URL has none. Sets the browser's cookie, so
 * that the consent page knows the person.
 */
export async function completeUrl(): Promise<void> {
  const url = new URL(location.href);
  const response = await fetch(`/api/snapshot${url.search}`);
  if (!response.ok) return;
  const { you, viewedAs, channels }: Snapshot = await response.json();
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store API
  document.cookie = `local_slack_user=${you.id}; path=/; SameSite=Lax`;
  if (!url.searchParams.has('user')) url.searchParams.set('user', viewedAs);
  if (url.hash === '') url.hash = channels.find(({ messages }) => messages.length > 0)?.name ?? '';
  history.replaceState(null, '', url);
}

/** At the same place. */
export function switchUser(name: string): void {
  const url = new URL(location.href);
  url.searchParams.set('user', name);
  location.assign(url);
}

function watchHash(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}
