import type { Noun } from './effects.ts';

/** Where pages hear of changes, below the base of the API: docs/domain.md, "Live". */
export const eventsPath = '/self/events/';

/** One scope in which something has changed, never what. */
export interface MovedScope {
  /** Null for Corporate. */
  accountId: number | null;
  /** Its part of `X-Revision`. */
  revision: number;
  /** Raised with each change of its servers, also one that no operation made; 0 for Corporate. */
  fleet: number;
  /** What was touched: contract/effects.ts. */
  nouns: readonly Noun[];
}

/** What has changed since some position. */
export interface Moved {
  /** Ask for what changed after this the next time. */
  position: number;
  /** An answer whose `X-Position` is this or more has all of it. */
  through: number;
  /** Nobody knows what was missed, or the rights have changed: it may be anything. */
  everything: boolean;
  scopes: MovedScope[];
}

/** How often the server says that it is there, in ms: whoever hears nothing for twice as long has lost it. */
export const beatMs = 10_000;

/** Sent with what a page reads while nobody is at it: that does not prolong the session. */
export const unattendedHeader = 'x-unattended';
