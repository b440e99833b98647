import { useQuery } from '@tanstack/react-query';

import { imageQuery } from '../api/images.ts';
import { roleQuery } from '../api/roles.ts';
import { accountListQuery, environmentListQuery } from '../api/scopes.ts';
import type { Filter } from '../components/FilterBar.tsx';
import type { PathScope } from '../util/paths.ts';

interface FleetState {
  account?: number | undefined;
  environment?: number | undefined;
  role?: number | undefined;
  image?: string | undefined;
}

/**
 * The filters that the lists of farms and of usage share: the scope below, and the role or image that
 * a link brought along, which only ever shows as something to remove.
 */
export function useFleetFilters(
  at: PathScope,
  state: FleetState,
  patch: (change: Record<string, string>) => void,
): Filter[] {
  const role = useQuery({ ...roleQuery(at, state.role ?? 0), enabled: state.role !== undefined });
  const image = useQuery({
    ...imageQuery(at, state.image ?? ''),
    enabled: state.image !== undefined,
  });
  const brought = (id: 'role' | 'image', label: string, name: string | undefined): Filter[] => {
    const value = state[id]?.toString();
    if (value === undefined) return [];
    const options = [{ value, label: name ?? `#${value}` }];
    return [{ id, label, options, value, onChange: (next) => patch({ [id]: next }) }];
  };
  return [
    ...useScopeBelowFilter(at, state, patch),
    ...brought('role', 'Role', role.data?.name),
    ...brought('image', 'Image', image.data?.name),
  ];
}

/** Accounts at Corporate, environments at an account, nothing in an environment. */
function useScopeBelowFilter(
  at: PathScope,
  state: FleetState,
  patch: (change: Record<string, string>) => void,
): Filter[] {
  const accounts = useQuery({
    ...accountListQuery({ sort: 'name' }),
    enabled: at.scope === 'scalr',
  });
  const accountId = at.scope === 'account' ? at.accountId : 0;
  const environments = useQuery({
    ...environmentListQuery(accountId, { sort: 'name' }),
    enabled: at.scope === 'account',
  });
  const id = at.scope === 'scalr' ? 'account' : 'environment';
  const rows = (at.scope === 'scalr' ? accounts : environments).data?.data ?? [];
  if (at.scope === 'environment') return [];
  return [
    {
      id,
      label: at.scope === 'scalr' ? 'Account' : 'Environment',
      options: rows.map((row) => ({ value: String(row.id), label: row.name })),
      value: state[id]?.toString() ?? '',
      onChange: (value) => patch({ [id]: value }),
      isSearchable: true,
    },
  ];
}
