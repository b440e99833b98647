import { ActionIcon } from '@mantine/core';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { Suspense, useEffect, useRef, useState } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { Link, useLocation } from 'react-router';

import { Soon, showTheRestSoon } from '../components/Soon.tsx';
import { lazyPart } from '../util/lazy-part.ts';
import { homePath } from '../util/paths.ts';
import type { PathScope, Section } from '../util/paths.ts';

import classes from './AppShell.module.css';
import { Logo } from './Logo.tsx';
import { Navigation } from './Navigation.tsx';
import type { NavigationCount } from './Navigation.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';

// Only small screens need it.
const NavigationDrawer = lazyPart(
  async () => (await import('./NavigationDrawer.tsx')).NavigationDrawer,
);

interface AppShellProps {
  /** Where the navigation leads; without a scope there is none (sign-in, welcome). */
  scope: PathScope | undefined;
  counts: Partial<Record<Section, NavigationCount>>;
  scopeSwitcher: ReactNode;
  userMenu: ReactNode;
  onSearch: () => void;
  /** Somebody points at the search or focuses it. */
  onSearchIntent: () => void;
  children: ReactNode;
}

/** Puts the focus into the table: it goes on from there by arrow keys (components/table/use-table-keys.ts). */
function goToTable(event: MouseEvent): void {
  const stop = document.querySelector<HTMLElement>('main table [tabindex="0"]');
  if (stop === null) return;
  event.preventDefault();
  stop.focus();
}

/** Moves the focus to the new page, so that the keyboard and a screen reader start there. */
function usePageFocus(pathname: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}

/** The frame around every page: top bar, navigation, and the main part. */
export function AppShell(props: AppShellProps) {
  const { scope, counts, children } = props;
  const { pathname } = useLocation();
  const main = usePageFocus(pathname);
  useEffect(showTheRestSoon, []);
  // Another page closes it.
  const [drawerPath, setDrawerPath] = useState<string>();
  const isDrawerOpen = drawerPath === pathname;
  const closeDrawer = () => setDrawerPath(undefined);
  return (
    <div className={`${classes['shell']} ${scope === undefined ? classes['bare'] : ''}`}>
      <a className={classes['skip']} href="#main">
        Skip to content
      </a>
      {/* Only where there is one: AppShell.module.css. */}
      <a
        className={`${classes['skip']} ${classes['skipToTable']}`}
        href="#main"
        onClick={goToTable}
      >
        Skip to table
      </a>
      <TopBar {...props} isDrawerOpen={isDrawerOpen} onDrawer={() => setDrawerPath(pathname)} />
      {scope !== undefined && (
        <>
          <div className={classes['nav']}>
            <Soon>
              <Navigation scope={scope} counts={counts} />
            </Soon>
          </div>
          {isDrawerOpen && (
            <Suspense>
              <NavigationDrawer onClose={closeDrawer}>
                <Navigation scope={scope} counts={counts} onNavigate={closeDrawer} />
              </NavigationDrawer>
            </Suspense>
          )}
        </>
      )}
      <main id="main" ref={main} tabIndex={-1} className={classes['main']}>
        {children}
      </main>
    </div>
  );
}

interface TopBarProps extends AppShellProps {
  isDrawerOpen: boolean;
  onDrawer: () => void;
}

function TopBar(props: TopBarProps) {
  const { scope, scopeSwitcher, userMenu, onSearch, onSearchIntent, isDrawerOpen, onDrawer } =
    props;
  return (
    <header className={classes['topbar']}>
      {scope !== undefined && (
        <div className={classes['burger']}>
          <ActionIcon
            aria-label="Open navigation"
            aria-expanded={isDrawerOpen}
            onClick={onDrawer}
            onPointerDown={NavigationDrawer.fetchAhead}
            onFocus={NavigationDrawer.fetchAhead}
          >
            <IconMenu2 size={18} aria-hidden />
          </ActionIcon>
        </div>
      )}
      <Link className={classes['brand']} to={homePath}>
        <Logo />
        Slipway
      </Link>
      <Soon>
        {scopeSwitcher}
        <span className={classes['spacer']} />
        {scope !== undefined && (
          <button
            type="button"
            className={classes['searchButton']}
            aria-keyshortcuts="Control+K Meta+K"
            onClick={onSearch}
            onPointerEnter={onSearchIntent}
            onFocus={onSearchIntent}
          >
            <IconSearch size={16} aria-hidden />
            <span className={classes['searchWord']}>Search or go to…</span>
            <kbd aria-hidden>Ctrl K</kbd>
          </button>
        )}
        <ThemeToggle />
        {userMenu}
      </Soon>
    </header>
  );
}
