import { useQuery } from '@tanstack/react-query';
import { scopeLabel } from '#contract/scope.ts';

import { roleListQuery, roleQuery } from '../../api/roles.ts';
import { ObjectSelect, offered, useSearchText } from '../../components/ObjectSelect.tsx';
import type { ObjectFieldProps } from '../../components/ObjectSelect.tsx';
import type { PathScope } from '../../util/paths.ts';

/** Chooses an active role of those that a scope sees, newest first, by name. */
export function RoleSelect({ at, ...field }: ObjectFieldProps<number> & { at: PathScope }) {
  const { value } = field;
  const search = useSearchText();
  const chosen = useQuery({ ...roleQuery(at, value ?? 0), enabled: value !== undefined }).data;
  const query = search.queryBeside(chosen);
  const found = useQuery(
    roleListQuery(at, { deprecated: false, query, sort: '-added', maxResults: offered }),
  );
  return (
    <ObjectSelect
      {...field}
      {...{ search, chosen, found }}
      noun="role"
      placeholder="Name of a role"
      renderFacts={(role) => `${role.osName} · ${scopeLabel[role.scope]}`}
    />
  );
}
