import { withoutBase } from './base-path.ts';

/** Whether a click is one that a browser would follow in the same tab. */
function isPlain(event: MouseEvent): boolean {
  const { button, metaKey, ctrlKey, shiftKey, altKey } = event;
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;
}

/**
 * Follows links that are marked as pages of the application (components/PlainLink.tsx) without loading
 * them anew. Called once, in main.tsx.
 * @param navigate given the path, search and hash that the link leads to, and whether one is there already
 */
export function followLinks(navigate: (to: string, options: { replace: boolean }) => void): void {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || !isPlain(event)) return;
    const link = event.target instanceof Element ? event.target.closest('a[data-page]') : null;
    if (!(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    const replace = link.href === window.location.href;
    navigate(withoutBase(link.pathname) + link.search + link.hash, { replace });
  });
}
