import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';

import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { scopeQuery } from '../api/scopes.ts';
import { sessionQuery } from '../api/session.ts';
import { CommandPalette } from '../components/keyboard/CommandPalette.tsx';
import type { PaletteItem } from '../components/keyboard/CommandPalette.tsx';
import { useOfferedActions } from '../hooks/page-actions.ts';
import { grantAt } from '../util/grants.ts';
import { placeName } from '../util/places.ts';
import { paths, sectionOfPath } from '../util/paths.ts';
import type { PathScope } from '../util/paths.ts';

import { useSearchResults } from './use-search-results.ts';

/** The pages of the scope, what can be created there, and the colours. */
function useCommands(scope: PathScope, info: ScopeInfo | undefined): PaletteItem[] {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const { data: session } = useQuery(sessionQuery);
  const commands: PaletteItem[] = [
    { id: 'images', label: 'Go to Images', keys: 'g i', to: paths.images(scope) },
    { id: 'roles', label: 'Go to Roles', keys: 'g r', to: paths.roles(scope) },
    { id: 'farms', label: 'Go to Farms', keys: 'g f', to: paths.farms(scope) },
    { id: 'usage', label: 'Go to Usage', keys: 'g u', to: paths.usage(scope) },
    {
      id: 'replacements',
      label: 'Go to Replacements',
      keys: 'g p',
      to: paths.replacements(scope),
    },
    { id: 'rollouts', label: 'Go to Rollouts', to: paths.rollouts(scope) },
    { id: 'policies', label: 'Go to Policies', to: paths.policies(scope) },
    { id: 'activity', label: 'Go to Activity', to: paths.activity(scope) },
    { id: 'clouds', label: 'Go to Clouds', to: paths.clouds(scope) },
    { id: 'people', label: 'Go to People', to: paths.people(scope) },
    { id: 'teams', label: 'Go to Teams', to: paths.teams(scope) },
    { id: 'cloud-images', label: 'Go to Cloud images', to: paths.cloudImages(scope) },
  ];
  if (info !== undefined && grantAt(session?.grants ?? [], info)?.role === 'administrator') {
    commands.push({ id: 'keys', label: 'Go to API keys', to: paths.keys(scope) });
  }
  if (info?.actions.imageCreate.allowed === true) {
    commands.push({ id: 'new-image', label: 'Register an image', to: paths.newImage(scope) });
  }
  if (info?.actions.roleCreate.allowed === true) {
    commands.push({ id: 'new-role', label: 'Create a role', to: paths.newRole(scope) });
  }
  if (info?.actions.farmCreate.allowed === true) {
    commands.push({ id: 'new-farm', label: 'Create a farm', to: paths.newFarm(scope) });
  }
  commands.push({
    id: 'colours',
    label: `Switch to ${dark ? 'light' : 'dark'} colours`,
    onSelect: () => setColorScheme(dark ? 'light' : 'dark'),
  });
  return commands;
}

/** What can be done on the page that the palette was opened on. */
function usePageActions(): PaletteItem[] {
  return useOfferedActions()
    .filter(({ disabledReason }) => disabledReason === undefined)
    .map(({ id, label, to, onSelect }) => ({
      id,
      label,
      detail: 'On this page',
      ...(to === undefined ? {} : { to }),
      ...(onSelect === undefined ? {} : { onSelect }),
    }));
}

interface CommandSearchProps {
  scope: PathScope;
  onClose: () => void;
}

/** Search over everything in the scope, and commands; loaded when it is first opened. */
export function CommandSearch({ scope, onClose }: CommandSearchProps) {
  const { data: info } = useQuery(scopeQuery(scope));
  const commands = [...usePageActions(), ...useCommands(scope, info)];
  const section = sectionOfPath(useLocation().pathname);
  const useResults = (text: string) => useSearchResults(scope, section, text);
  return (
    <CommandPalette
      onClose={onClose}
      where={info === undefined ? 'this scope' : placeName(info)}
      commands={commands}
      useResults={useResults}
    />
  );
}
