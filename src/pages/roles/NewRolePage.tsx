import { useSuspenseQuery } from '@tanstack/react-query';
import type { LoaderFunctionArgs } from 'react-router';
import { scopeLabel } from '#contract/scope.ts';

import { osListQuery } from '../../api/os.ts';
import { roleCategoryListQuery } from '../../api/role-categories.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { paths, scopeOfPath, scopePath } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { NewRoleForm } from './NewRoleForm.tsx';

/** Reads what the form needs before it is shown, so that nothing in it moves. */
export async function loader({ request }: LoaderFunctionArgs) {
  const at = scopeOfPath(new URL(request.url).pathname);
  if (at === undefined) return null;
  await Promise.all([
    queryClient.prefetchQuery(osListQuery(at)),
    queryClient.prefetchQuery(roleCategoryListQuery(at)),
    queryClient.prefetchQuery(scopeQuery(at)),
  ]);
  return null;
}

/** Creates a role at this scope; its images come next, on its own page. */
export function Component() {
  const at = useScope();
  const { data: scope } = useSuspenseQuery(scopeQuery(at));
  const reason = reasonAgainst(scope.actions.roleCreate);
  return (
    <>
      <PageHeader
        title="New role"
        crumbs={[{ label: 'Roles', to: paths.roles(at) }]}
        facts={<PlaceBadge place={scope} />}
      />
      {reason === undefined ? (
        <NewRoleForm key={scopePath(at)} at={at} scope={scope} />
      ) : (
        <EmptyState
          title={`You cannot create roles at this scope (${scopeLabel[at.scope]})`}
          action={
            <ActionButton variant="filled" to={paths.roles(at)}>
              Show all roles
            </ActionButton>
          }
        >
          {reason}
        </EmptyState>
      )}
    </>
  );
}
