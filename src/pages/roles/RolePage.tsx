import { useParams } from 'react-router';

import { useObject } from '../../api/query.ts';
import { roleQuery } from '../../api/roles.ts';
import { DeprecationNotice } from '../../components/objects/DeprecationNotice.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { momentParam, yesterday } from '../../components/then/moments.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { ObjectPage } from '../../layouts/ObjectPage.tsx';
import { ReplacementHistory } from '../../layouts/replacements/ReplacementHistory.tsx';
import { queryClient } from '../../query-client.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import { paths } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { roleKind } from './role-actions.ts';
import { RoleFacts } from './RoleFacts.tsx';
import { RoleFarms, roleFarmsQuery, roleOldServersQuery } from './RoleFarms.tsx';
import { RolePointers } from './RolePointers.tsx';
import { RoleImages } from './RoleImages.tsx';

const fields = { at: momentParam() };
const RoleImagesThen = lazyPart(async () => (await import('./RoleImagesThen.tsx')).RoleImagesThen);

/** Starts reading all parts of the page at once. */
export const loader = scopedLoader((at, _search, { roleId = '' }) => {
  void queryClient.prefetchQuery(roleQuery(at, roleId));
  void queryClient.prefetchQuery(roleFarmsQuery(at, roleId));
  void queryClient.prefetchQuery(roleOldServersQuery(at, roleId));
});

/** One role: what it is, its image in each location, the farms that use it, and what to do with it. */
export function Component() {
  const at = useScope();
  const { roleId = '' } = useParams();
  const role = useObject(roleQuery(at, roleId), 'roleList');
  const [{ at: then }, patch] = useUrlState(fields);
  if (role === undefined) return <PageSkeleton />;
  return (
    <ObjectPage
      key={roleId}
      kind={roleKind}
      at={at}
      object={role}
      section="roles"
      summary={<span>{role.osName}</span>}
      notice={
        <DeprecationNotice
          deprecation={role.deprecation}
          users="farms"
          addressOf={(id) => paths.role(at, id)}
        />
      }
      facts={<RoleFacts at={at} role={role} />}
    >
      {then === undefined ? (
        <RoleImages at={at} role={role} onEarlier={() => patch({ at: yesterday() })} />
      ) : (
        <RoleImagesThen
          at={at}
          role={role}
          moment={then}
          onChange={(moment) => patch({ at: moment }, { replace: true })}
          onBack={() => patch({ at: '' })}
        />
      )}
      <RolePointers at={at} role={role} />
      <RoleFarms at={at} role={role} />
      <ReplacementHistory at={at} of={{ role: role.id }} />
      <ObjectActivity at={at} object={`role:${role.id}`} />
    </ObjectPage>
  );
}
