import { useSuspenseQuery } from '@tanstack/react-query';

import { osListQuery } from '../../api/os.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { CreatePage } from '../../layouts/CreatePage.tsx';
import { queryClient } from '../../query-client.ts';
import { scopePath } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { NewRoleForm } from './NewRoleForm.tsx';

/** Reads what the form needs before it is shown, so that nothing in it moves. */
export const loader = scopedLoader((at) =>
  Promise.all([
    queryClient.prefetchQuery(osListQuery(at)),
    queryClient.prefetchQuery(scopeQuery(at)),
  ]),
);

/** Creates a role at this scope; its images come next, on its own page. */
export function Component() {
  const at = useScope();
  const { data: scope } = useSuspenseQuery(scopeQuery(at));
  return (
    <CreatePage
      {...{ at, scope }}
      title="New role"
      section="roles"
      deed="create roles"
      reason={reasonAgainst(scope.actions.roleCreate)}
    >
      <NewRoleForm key={scopePath(at)} at={at} scope={scope} />
    </CreatePage>
  );
}
