import { matchRoutes } from 'react-router';
import type { LoaderFunctionArgs, RouteObject } from 'react-router';

import { withoutBase } from './base-path.ts';

/** Shorter than people take from pointing at a link to pressing it, longer than to pass over it. */
const dwellMs = 50;

interface PageModule {
  loader?: unknown;
}

/** Fetches the code of the page at an address, and what its loader asks for. */
async function prefetch(routes: RouteObject[], url: URL): Promise<void> {
  for (const { route, params } of matchRoutes(routes, withoutBase(url.pathname)) ?? []) {
    const page = typeof route.lazy === 'function' ? ((await route.lazy()) as PageModule) : route;
    if (typeof page.loader !== 'function') continue;
    // Loaders of ours look at the address alone (routes.tsx).
    const args = { request: new Request(url), params } as LoaderFunctionArgs;
    await page.loader(args);
  }
}

/** The address that a link of the application leads to, if it is another page. */
function addressOf(target: EventTarget | null): URL | undefined {
  const link = target instanceof Element ? target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.origin !== window.location.origin) return;
  return link.href === window.location.href ? undefined : new URL(link.href);
}

/**
 * Fetches ahead what a link leads to once somebody points at it or focuses it. Called once, in
 * main.tsx; everything ends in the cache that the pages read from (query-client.ts).
 */
export function prefetchLinks(routes: RouteObject[]): void {
  let timer: number | undefined;
  const consider = ({ target }: Event) => {
    window.clearTimeout(timer);
    const url = addressOf(target);
    if (url === undefined) return;
    timer = window.setTimeout(() => {
      // Whoever follows the link asks again, and then says what is wrong.
      prefetch(routes, url).catch(() => undefined);
    }, dwellMs);
  };
  document.addEventListener('pointerover', consider, { passive: true });
  document.addEventListener('focusin', consider);
}
