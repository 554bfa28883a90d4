import { useSyncExternalStore } from 'react';
import type { Snapshot } from '../snapshot.ts';

/** What the address says: who looks, in which time zone, and at what. */
type PageState = {
  /** Handle or id, `?user=milo`. */
  user: string;
  /** IANA, `?tz=Europe/Berlin`; the browser's unless given. */
  timeZone: string;
  /** `#customer-health` or `#home`; empty at first. */
  place: string;
};

/** The state that stands in the address, so that a reload shows the same. */
export function usePageState(): PageState {
  const place = useSyncExternalStore(watchHash, () => decodeURIComponent(location.hash.slice(1)));
  const query = new URLSearchParams(location.search);
  return {
    user: query.get('user') ?? '',
    timeZone: query.get('tz') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    place,
  };
}

/** Puts the first person of the workspace into an address that names nobody. */
export async function chooseUser(): Promise<void> {
  const url = new URL(location.href);
  if (url.searchParams.has('user')) return;
  const response = await fetch('/api/snapshot');
  const { you }: Snapshot = await response.json();
  url.searchParams.set('user', you.name);
  history.replaceState(null, '', url);
}

/** Looks on as somebody else, at the same place. */
export function switchUser(name: string): void {
  const url = new URL(location.href);
  url.searchParams.set('user', name);
  location.assign(url);
}

function watchHash(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}
