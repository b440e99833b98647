import { SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { LoaderFunctionArgs } from 'react-router';
import type { Role } from '#contract/roles/roles.ts';

import { roleCategoryListQuery } from '../../api/role-categories.ts';
import { roleListQuery } from '../../api/roles.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ColumnChooser, useColumnChoice } from '../../components/table/ColumnChooser.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { NoMatch } from '../../components/filters/NoMatch.tsx';
import { Pager, totalWords } from '../../components/table/Pager.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { paths, scopeOfPath, scopePath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { uniquePlaces } from './places.ts';
import { roleActions, roleDialogNames } from './role-actions.tsx';
import { roleColumns } from './role-columns.tsx';
import { listInputOf, useRoleList } from './role-filters.ts';
import { RoleDialogs } from './RoleDialogs.tsx';
import { RoleMatrix } from './RoleMatrix.tsx';
import classes from './RolesPage.module.css';
import { usePlaces } from './use-places.ts';

const rowKey = (role: Role) => String(role.id);
const rowLabel = (role: Role) => role.name;

/** Starts reading the list before the page is there; the page shows skeletons until it came. */
export function loader({ request }: LoaderFunctionArgs) {
  const { pathname, searchParams } = new URL(request.url);
  const at = scopeOfPath(pathname);
  if (at === undefined) return null;
  void queryClient.prefetchQuery(roleListQuery(at, listInputOf(searchParams)));
  void queryClient.prefetchQuery(roleCategoryListQuery(at));
  void queryClient.prefetchQuery(scopeQuery(at));
  return null;
}

/** The roles of a scope, its own and those it inherits. */
export function Component() {
  const at = useScope();
  return <RoleList key={scopePath(at)} at={at} />;
}

function RoleList({ at }: { at: PathScope }) {
  const scope = useQuery(scopeQuery(at)).data;
  const categories = useQuery(roleCategoryListQuery(at)).data?.data;
  const { list, ...filters } = useRoleList(at);
  const { state, patch } = filters;
  const rows = list.data?.data;
  const columns = useMemo(() => roleColumns(at, categories ?? []), [at, categories]);
  const { visible, chooser } = useColumnChoice(`roles.${at.scope}`, columns);
  const reason = reasonAgainst(scope?.actions.roleCreate);
  const isMatrix = state.view === 'matrix';
  const empty =
    filters.active.length > 0 ? (
      <NoMatch noun="roles" filters={filters.active} onClear={filters.clear} />
    ) : (
      <EmptyRoles at={at} reason={reason} />
    );
  return (
    <>
      <PageHeader
        title="Roles"
        facts={totalWords(list.data?.pagination, 'role')}
        action={
          <ActionButton
            variant="filled"
            icon={<IconPlus size={16} aria-hidden />}
            to={paths.newRole(at)}
            disabledReason={reason}
          >
            New role
          </ActionButton>
        }
      />
      <FilterBar
        search={filters.searchBox}
        filters={filters.filters}
        onClear={filters.clear}
        end={
          <div className={classes['tools']}>
            <SegmentedControl
              size="xs"
              aria-label="Show roles as"
              data={[
                { value: 'table', label: 'Table' },
                { value: 'matrix', label: 'By location' },
              ]}
              value={state.view ?? 'table'}
              onChange={(view) => patch({ view: view === 'matrix' ? view : '' })}
            />
            {!isMatrix && <ColumnChooser {...chooser} />}
          </div>
        }
      />
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {isMatrix && rows !== undefined && rows.length > 0 ? (
        <Matrix at={at} roles={rows} isStale={list.isPlaceholderData} />
      ) : (
        (rows !== undefined || list.error === null) && (
          <RoleTable columns={visible} list={list} filters={filters} empty={empty} />
        )
      )}
      <Pager
        pagination={list.data?.pagination}
        noun="role"
        pageSize={state.pageSize}
        onPageSize={(pageSize) => patch({ pageSize })}
      />
      <RoleDialogs at={at} />
    </>
  );
}

type List = ReturnType<typeof useRoleList>;

interface RoleTableProps {
  columns: ReturnType<typeof roleColumns>;
  list: List['list'];
  filters: Pick<List, 'state' | 'patch' | 'listKey'>;
  empty: ReactNode;
}

function RoleTable({ columns, list, filters, empty }: RoleTableProps) {
  const { open } = useDialog(roleDialogNames);
  return (
    <DataTable
      label="Roles"
      columns={columns}
      rows={list.data?.data}
      rowKey={rowKey}
      rowLabel={rowLabel}
      sort={{ value: filters.state.sort, onChange: (sort) => filters.patch({ sort }) }}
      actions={(role) => Object.values(roleActions(role, (dialog) => open(dialog, role.id)))}
      isStale={list.isPlaceholderData}
      listKey={filters.listKey}
      empty={empty}
    />
  );
}

function Matrix({
  at,
  roles,
  isStale,
}: {
  at: PathScope;
  roles: readonly Role[];
  isStale: boolean;
}) {
  const own = useMemo(() => roles.flatMap((role) => role.images ?? []), [roles]);
  const places = usePlaces(at, own) ?? uniquePlaces(own);
  return <RoleMatrix at={at} roles={roles} places={places} isStale={isStale} />;
}

function EmptyRoles({ at, reason }: { at: PathScope; reason: string | undefined }) {
  const inherited =
    at.scope === 'scalr' ? '' : ' Roles created at higher scopes show here as well.';
  return (
    <EmptyState
      title="No roles here yet"
      action={
        <ActionButton variant="filled" to={paths.newRole(at)} disabledReason={reason}>
          New role
        </ActionButton>
      }
    >
      A role says which image servers start from in each location. Create one, then add its images.
      {inherited}
    </EmptyState>
  );
}
