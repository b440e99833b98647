import { useSyncExternalStore } from 'react';

function subscribe(onChange: () => void): () => void {
  document.fonts.addEventListener('loadingdone', onChange);
  return () => document.fonts.removeEventListener('loadingdone', onChange);
}

function isThere(): boolean {
  return document.fonts.check(`14px ${getComputedStyle(document.body).fontFamily}`);
}

/** Whether the page's own font has been loaded: until then another stands in for it, of other widths. */
export function useFontIsThere(): boolean {
  return useSyncExternalStore(subscribe, isThere);
}
