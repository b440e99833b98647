import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Role } from '#contract/roles/roles.ts';

import { roleListQuery } from '../../api/roles.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { actionItems } from '../../components/objects/object-actions.tsx';
import { ViewSwitch } from '../../components/lists/ViewSwitch.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { placeName } from '../../util/places.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { uniquePlaces } from './places.ts';
import { roleKind } from './role-actions.ts';
import { roleColumns } from './role-columns.tsx';
import { listInputOf, useRoleList } from './role-filters.ts';
import { RoleMatrix } from './RoleMatrix.tsx';
import { usePlaces } from './use-places.ts';

const views = [
  { value: '', label: 'Table' },
  { value: 'matrix', label: 'By location' },
] as const;

const rowKey = (role: Role) => String(role.id);
const rowLabel = (role: Role) => role.name;
const rowDetails = (role: Role) => [placeName(role), String(role.id)];

/** Starts reading the list before the page is there; the page shows skeletons until it came. */
export const loader = scopedLoader((at, search) => {
  void queryClient.prefetchQuery(roleListQuery(at, listInputOf(search)));
  void queryClient.prefetchQuery(scopeQuery(at));
});

/** The roles of a scope, its own and those it inherits. */
export const Component = scopedPage(RoleList);

function RoleList({ at }: { at: PathScope }) {
  const { open } = useDialog(Object.keys(roleKind.actions));
  const scope = useQuery(scopeQuery(at)).data;
  const listing = useRoleList(at);
  const { state, patch, list } = listing;
  const columns = useMemo(() => roleColumns(at), [at]);
  const isMatrix = state.view === 'matrix';
  const rows = list.data?.data ?? [];
  return (
    <>
      <ListPage
        {...{ at, listing, columns, rowKey, rowLabel, rowDetails }}
        noun="role"
        create={{
          label: 'New role',
          to: paths.newRole(at),
          reason: reasonAgainst(scope?.actions.roleCreate),
        }}
        hint="A role says which image servers start from in each location. Create one, then add its images."
        inheritedOnce="created"
        actions={(role) => actionItems(roleKind, at, role, (dialog) => open(dialog, role.id))}
        end={(chooser) => (
          <ViewSwitch
            label="Show roles as"
            views={views}
            value={isMatrix ? 'matrix' : ''}
            onChange={(view) => patch({ view })}
          >
            {!isMatrix && chooser}
          </ViewSwitch>
        )}
        instead={
          isMatrix && rows.length > 0 ? (
            <Matrix at={at} roles={rows} isStale={list.isPlaceholderData} />
          ) : undefined
        }
      />
      <ObjectDialogs kind={roleKind} at={at} />
    </>
  );
}

interface MatrixProps {
  at: PathScope;
  roles: readonly Role[];
  isStale: boolean;
}

function Matrix({ at, roles, isStale }: MatrixProps) {
  const own = useMemo(() => roles.flatMap((role) => role.images ?? []), [roles]);
  const places = usePlaces(at, own) ?? uniquePlaces(own);
  return <RoleMatrix at={at} roles={roles} places={places} isStale={isStale} />;
}
