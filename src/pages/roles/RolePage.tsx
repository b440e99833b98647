import { Link, useNavigate, useParams } from 'react-router';
import type { LoaderFunctionArgs } from 'react-router';
import type { Role } from '#contract/roles/roles.ts';

import { roleCategoryListQuery } from '../../api/role-categories.ts';
import { useObject } from '../../api/query.ts';
import { roleQuery } from '../../api/roles.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ActionMenu } from '../../components/actions/ActionMenu.tsx';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { Notice } from '../../components/Notice.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { DetailLayout, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { objectState } from '../../util/object-state.ts';
import { paths, scopeOfPath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { roleActions, roleDialogNames } from './role-actions.tsx';
import { RoleDialogs } from './RoleDialogs.tsx';
import { RoleFacts } from './RoleFacts.tsx';
import { RoleFarms, roleFarmsQuery, roleOldServersQuery } from './RoleFarms.tsx';
import { RoleImages } from './RoleImages.tsx';

/** Starts reading all parts of the page at once. */
export function loader({ request, params }: LoaderFunctionArgs) {
  const at = scopeOfPath(new URL(request.url).pathname);
  const { roleId } = params;
  if (at === undefined || roleId === undefined) return null;
  void queryClient.prefetchQuery(roleQuery(at, roleId));
  void queryClient.prefetchQuery(roleFarmsQuery(at, roleId));
  void queryClient.prefetchQuery(roleOldServersQuery(at, roleId));
  void queryClient.prefetchQuery(roleCategoryListQuery(at));
  return null;
}

/** One role: what it is, its image in each location, the farms that use it, and what to do with it. */
export function Component() {
  const at = useScope();
  const { roleId = '' } = useParams();
  const role = useObject(roleQuery(at, roleId), 'roleList');
  return role === undefined ? <PageSkeleton /> : <RoleDetails key={roleId} {...{ at, role }} />;
}

function RoleDetails({ at, role }: { at: PathScope; role: Role }) {
  const { open } = useDialog(roleDialogNames);
  const navigate = useNavigate();
  const actions = roleActions(role, (dialog) => open(dialog));
  return (
    <>
      <PageHeader
        title={role.name}
        crumbs={[{ label: 'Roles', to: paths.roles(at) }]}
        facts={
          <>
            <PlaceBadge place={role} />
            <span>{role.osName}</span>
            <StatusBadge state={objectState(role)} />
          </>
        }
      />
      <DeprecationNotice at={at} role={role} />
      <DetailLayout
        facts={
          <DetailSection title="What it is">
            <RoleFacts at={at} role={role} />
          </DetailSection>
        }
        actions={
          <>
            <ActionMenu
              label={`More actions for ${role.name}`}
              text="More"
              actions={() => [actions.deprecate, actions.delete]}
            />
            <BarButton action={actions.edit} />
            <BarButton action={actions.clone} />
            <BarButton action={actions.promote} variant="filled" />
          </>
        }
      >
        <RoleImages at={at} role={role} />
        <RoleFarms at={at} role={role} />
      </DetailLayout>
      <RoleDialogs
        at={at}
        roleId={role.id}
        onGone={() => void navigate(paths.roles(at), { replace: true })}
      />
    </>
  );
}

function BarButton({ action, variant }: { action: ActionItem; variant?: 'filled' }) {
  return (
    <ActionButton
      icon={action.icon}
      variant={variant ?? 'default'}
      disabledReason={action.disabledReason}
      onClick={action.onSelect}
    >
      {action.label}
    </ActionButton>
  );
}

/** Why the role is deprecated, and what to use instead. */
function DeprecationNotice({ at, role }: { at: PathScope; role: Role }) {
  const { deprecation } = role;
  if (deprecation === null) return null;
  return (
    <Notice tone="warning">
      Deprecated <RelativeTime at={deprecation.at} /> by {deprecation.by}. It cannot be added to
      farms; what runs keeps running.
      {deprecation.reason !== null && ` Reason: ${deprecation.reason}`}
      {deprecation.replacement !== null && (
        <>
          {' '}
          Use{' '}
          <Link to={paths.role(at, deprecation.replacement.id)}>
            {deprecation.replacement.name}
          </Link>{' '}
          instead.
        </>
      )}
    </Notice>
  );
}
