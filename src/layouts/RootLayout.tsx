import { useState } from 'react';
import { Outlet, ScrollRestoration, useNavigate } from 'react-router';

import { KeyboardHelp } from '../components/KeyboardHelp.tsx';
import { TipHost } from '../components/TipHost.tsx';
import { useOptionalScope } from '../hooks/use-scope.ts';
import { useShortcuts } from '../hooks/use-shortcuts.ts';
import { paths } from '../util/paths.ts';
import type { Section } from '../util/paths.ts';

import { AppShell } from './AppShell.tsx';

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('[data-page-search]')?.focus();
}

/** The frame with everything that lives as long as the application. */
export function RootLayout() {
  const scope = useOptionalScope();
  const navigate = useNavigate();
  const [help, setHelp] = useState(false);
  const go = (section: Section) => () => {
    if (scope !== undefined) void navigate(paths.section(scope, section));
  };
  useShortcuts({
    '/': focusSearch,
    '?': () => setHelp(true),
    'g i': go('images'),
    'g r': go('roles'),
    'g f': go('farms'),
    'g u': go('usage'),
  });
  return (
    <>
      <AppShell
        scope={scope}
        counts={{}}
        scopeSwitcher={null}
        userMenu={null}
        onSearch={() => undefined}
      >
        <Outlet />
      </AppShell>
      {help && <KeyboardHelp onClose={() => setHelp(false)} />}
      <TipHost />
      <ScrollRestoration />
    </>
  );
}
