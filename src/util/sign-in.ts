import { signInPath, withSearch } from './paths.ts';

/** The sign-in page, which comes back to the address that was wanted. */
export function signInPathFor(wanted: string): string {
  return withSearch(signInPath, { next: wanted === '/' ? undefined : wanted });
}

/**
 * The address to go to after signing in. Only one of this application: an address that another site
 * put there must not lead out (`//evil.example`, `/\evil.example`).
 */
export function wantedPath(search: URLSearchParams): string | undefined {
  const next = search.get('next') ?? '';
  return /^\/(?![/\\])/.test(next) && !next.startsWith(signInPath) ? next : undefined;
}

/** The token in a sign-in link, in its fragment, or in what somebody pasted; undefined if none. */
export function tokenIn(text: string): string | undefined {
  const trimmed = text.trim();
  const inFragment = /#(?:.*&)?token=([^&\s]+)/.exec(trimmed)?.[1];
  if (inFragment !== undefined) return decodeURIComponent(inFragment);
  return /^[\w-]{16,200}$/.test(trimmed) ? trimmed : undefined;
}

/** Whether the token in a link's fragment makes the first administrator. */
export function isForFirstAdministrator(hash: string): boolean {
  return /[#&]first-administrator\b/.test(hash);
}
