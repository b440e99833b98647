import { useSyncExternalStore } from 'react';

/** The font of the page, as its styles name it. */
export const pageFont = 'Inter Variable';

function subscribe(onChange: () => void): () => void {
  document.fonts.addEventListener('loadingdone', onChange);
  return () => document.fonts.removeEventListener('loadingdone', onChange);
}

/** Not before the page asks for it: while its first styles are on their way, it is set in the browser's own. */
function isThere(): boolean {
  const { fontFamily } = getComputedStyle(document.body);
  return fontFamily.includes(pageFont) && document.fonts.check(`14px ${fontFamily}`);
}

/** Whether the page's own font has been loaded: until then another stands in for it, of other widths. */
export function useFontIsThere(): boolean {
  return useSyncExternalStore(subscribe, isThere);
}
