import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useState } from 'react';
import { Outlet, ScrollRestoration, useNavigate } from 'react-router';

import { scopeListQuery } from '../api/scopes.ts';
import { sessionQuery, useKnownSession } from '../api/session.ts';
import { PageSkeleton } from '../components/PageSkeleton.tsx';
import { TipHost } from '../components/TipHost.tsx';
import { useOptionalScope } from '../hooks/use-scope.ts';
import { useShortcuts } from '../hooks/use-shortcuts.ts';
import { lazyPart } from '../util/lazy-part.ts';
import { useLostObject } from '../util/lost-object.ts';
import { paths } from '../util/paths.ts';
import type { PathScope, Section } from '../util/paths.ts';

import { AppShell } from './AppShell.tsx';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { LeaveGuard } from './LeaveGuard.tsx';
import { ScopeSwitcher } from './ScopeSwitcher.tsx';
import { SessionMenu } from './SessionMenu.tsx';
import { ToSignIn } from './ToSignIn.tsx';
import { useScrollBack } from './use-scroll-back.ts';
import { useKeptForm } from './use-kept-form.ts';
import { useNavigationCounts } from './use-navigation-counts.ts';

const KeyboardHelp = lazyPart(
  async () => (await import('../components/keyboard/KeyboardHelp.tsx')).KeyboardHelp,
);
const SignInAgain = lazyPart(async () => (await import('./SignInAgain.tsx')).SignInAgain);
const CommandSearch = lazyPart(async () => (await import('./CommandSearch.tsx')).CommandSearch);

const LostObject = lazyPart(
  async () => (await import('../components/objects/LostObject.tsx')).LostObject,
);

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('[data-page-search]')?.focus();
}

/** Ctrl K and Cmd K work everywhere, also in fields; they are no single keys to switch off. */
function useSearchKeys(open: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || event.altKey || event.shiftKey) return;
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      open();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [open]);
}

/** The keys that work on every page of a scope. */
function usePageKeys(scope: PathScope | undefined, onHelp: () => void): void {
  const navigate = useNavigate();
  const go = (section: Section) => () => {
    if (scope !== undefined) void navigate(paths.section(scope, section));
  };
  useShortcuts({
    '/': focusSearch,
    '?': onHelp,
    'g i': go('images'),
    'g r': go('roles'),
    'g f': go('farms'),
    'g u': go('usage'),
    'g p': go('replacements'),
  });
}

/** Says what has become of the object that the page is about. */
function LostNotice() {
  const lost = useLostObject();
  return lost === undefined ? null : (
    <Suspense>
      <LostObject error={lost} />
    </Suspense>
  );
}

/** The frame with everything that lives as long as the application. */
export function RootLayout() {
  const { data: session } = useQuery(sessionQuery);
  const known = useKnownSession();
  const scope = useOptionalScope();
  const { isKept, leave } = useKeptForm(session);
  const isShown = session !== null || isKept;
  const shownScope = isShown ? scope : undefined;
  const counts = useNavigationCounts(shownScope);
  const client = useQueryClient();
  const [help, setHelp] = useState(false);
  const [searching, setSearching] = useState(false);
  const openHelp = () => setHelp(true);
  const openSearch = () => {
    if (!session || scope === undefined) return;
    void client.prefetchQuery(scopeListQuery());
    setSearching(true);
  };
  useSearchKeys(openSearch);
  usePageKeys(scope, openHelp);
  useScrollBack();
  return (
    <>
      {!isShown && <ToSignIn />}
      <AppShell
        scope={shownScope}
        counts={counts}
        scopeSwitcher={shownScope !== undefined && <ScopeSwitcher current={shownScope} />}
        userMenu={isShown && known && <SessionMenu session={known} onKeyboardHelp={openHelp} />}
        onSearch={openSearch}
        onSearchIntent={CommandSearch.fetchAhead}
      >
        <LostNotice />
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </AppShell>
      <Suspense>
        {isKept && <SignInAgain onLeave={leave} />}
        {searching && scope !== undefined && (
          <CommandSearch scope={scope} onClose={() => setSearching(false)} />
        )}
        {help && <KeyboardHelp onClose={() => setHelp(false)} />}
      </Suspense>
      <LeaveGuard />
      <ConnectionNotice userId={session?.user.id} />
      <TipHost />
      <ScrollRestoration />
    </>
  );
}
