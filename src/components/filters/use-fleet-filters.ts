import { useQuery } from '@tanstack/react-query';

import { farmQuery } from '../../api/farms.ts';
import { imageSetQuery } from '../../api/image-sets.ts';
import { imageQuery } from '../../api/images.ts';
import { roleQuery } from '../../api/roles.ts';
import { accountOptions, environmentOptions } from '../options/sources.ts';
import { useSourceFilter } from './choices.ts';
import type { Filter } from './filter.ts';
import type { PathScope } from '../../util/paths.ts';

interface ScopeBelow {
  account?: number | undefined;
  environment?: number | undefined;
}
interface Brought {
  farm?: number | undefined;
  role?: number | undefined;
  image?: string | undefined;
  imageSet?: number | undefined;
}
type Patch = (change: Record<string, string>) => void;

/**
 * Filters for the scopes below this one: accounts at Corporate, and the environments of an account
 * that is chosen or that the page is about. An environment has nothing below.
 */
export function useScopeBelowFilters(at: PathScope, state: ScopeBelow, patch: Patch): Filter[] {
  const accountId = at.scope === 'account' ? at.accountId : state.account;
  const account = useSourceFilter({
    id: 'account',
    label: 'Account',
    source: accountOptions(),
    value: at.scope === 'scalr' ? (state.account?.toString() ?? '') : '',
    // Another account has other environments.
    onChange: (value) => patch({ account: value, environment: '' }),
  });
  const environment = useSourceFilter({
    id: 'environment',
    label: 'Environment',
    source: environmentOptions(accountId ?? 0),
    value: accountId === undefined ? '' : (state.environment?.toString() ?? ''),
    onChange: (value) => patch({ environment: value }),
  });
  if (at.scope === 'environment') return [];
  return [
    ...(at.scope === 'scalr' ? [account] : []),
    ...(accountId === undefined ? [] : [environment]),
  ];
}

/**
 * The farm, role, image and version that a link brought along: chips with their names, which only ever show as
 * something to remove.
 * @param names what the rows themselves say; undefined while they are on their way. Only what they do
 * not say is asked for.
 */
export function useBroughtFilters(
  at: PathScope,
  state: Brought,
  patch: Patch,
  names: Partial<Record<keyof Brought, string | undefined>> | undefined = {},
): Filter[] {
  const isWanted = (id: keyof Brought) =>
    state[id] !== undefined && names !== undefined && names[id] === undefined;
  const farm = useQuery({ ...farmQuery(at, state.farm ?? 0), enabled: isWanted('farm') });
  const role = useQuery({ ...roleQuery(at, state.role ?? 0), enabled: isWanted('role') });
  const image = useQuery({ ...imageQuery(at, state.image ?? ''), enabled: isWanted('image') });
  const set = useQuery({
    ...imageSetQuery(at, String(state.imageSet)),
    enabled: isWanted('imageSet'),
  });
  const brought = (id: keyof Brought, label: string, asked: string | undefined): Filter[] => {
    const value = state[id]?.toString();
    if (value === undefined) return [];
    const options = [{ value, label: names?.[id] ?? asked ?? `#${value}` }];
    return [{ id, label, options, value, onChange: (next) => patch({ [id]: next }) }];
  };
  return [
    ...brought('farm', 'Farm', farm.data?.name),
    ...brought('role', 'Role', role.data?.name),
    ...brought('image', 'Image', image.data?.name),
    ...brought('imageSet', 'Version', set.data?.name),
  ];
}
