import { fetchWhenIdle, lazyPart } from '../../util/lazy-part.ts';

/** What menus of actions open: of objects, and of the rows of tables. */
export const ActionMenuPart = lazyPart(
  async () => (await import('./ActionMenuItems.tsx')).ActionMenuItems,
);

// The keyboard opens a menu without pointing at it first.
fetchWhenIdle(() => import('./ActionMenuItems.tsx'));
