import { Link, useNavigate, useParams } from 'react-router';
import type { LoaderFunctionArgs } from 'react-router';
import type { Farm } from '#contract/farms/farms.ts';

import { farmQuery } from '../../api/farms.ts';
import { useObject } from '../../api/query.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { Count } from '../../components/Count.tsx';
import { FactList } from '../../components/FactList.tsx';
import { Notice } from '../../components/Notice.tsx';
import { ObjectBar } from '../../components/objects/ObjectBar.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import { OldServers } from '../../components/OldServers.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { ActionSection, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { ReplacementHistory } from '../../layouts/replacements/ReplacementHistory.tsx';
import { FarmEvents } from '../../layouts/servers/ServerEvents.tsx';
import { queryClient } from '../../query-client.ts';
import { formatQuantity } from '../../util/format.ts';
import { withoutBase } from '../../util/base-path.ts';
import { paths, scopeOfPath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { farmKind } from './farm-actions.ts';
import { farmStatusWord, launchOrderWords } from './farm-columns.tsx';
import { farmRolesQuery, FarmRoles } from './FarmRoles.tsx';
import classes from './FarmPage.module.css';
import { FarmServers } from './FarmServers.tsx';
import { LockNotice } from './LockNotice.tsx';
import { ObservedNotice } from './ObservedNotice.tsx';

/** Starts reading all parts of the page at once. */
export function loader({ request, params }: LoaderFunctionArgs) {
  const at = scopeOfPath(withoutBase(new URL(request.url).pathname));
  const { farmId } = params;
  if (at === undefined || farmId === undefined) return null;
  void queryClient.prefetchQuery(farmQuery(at, farmId));
  void queryClient.prefetchQuery(farmRolesQuery(at, farmId));
  return null;
}

/** One farm: its roles, its servers and the images that they run. */
export function Component() {
  const at = useScope();
  const { farmId = '' } = useParams();
  const farm = useObject(farmQuery(at, farmId));
  return farm === undefined ? <PageSkeleton /> : <FarmDetails key={farmId} {...{ at, farm }} />;
}

function FarmDetails({ at, farm }: { at: PathScope; farm: Farm }) {
  const navigate = useNavigate();
  const old = farm.servers?.old ?? 0;
  return (
    <>
      <PageHeader
        title={farm.name}
        crumbs={[{ label: 'Farms', to: paths.farms(at) }]}
        facts={
          <>
            <ScopeBadge scope="environment" name={farm.envName} />
            <span>{farm.observed === undefined ? farmStatusWord[farm.status] : 'Observed'}</span>
            <span>{formatQuantity(farm.servers?.live ?? 0, 'server')}</span>
          </>
        }
        action={
          old > 0 ? (
            <ActionButton variant="filled" to={paths.usage(at, { farm: farm.id })}>
              Review {formatQuantity(old, 'server')} on old images
            </ActionButton>
          ) : undefined
        }
      />
      <LockNotice lock={farm.lock} />
      {farm.observed !== undefined && <ObservedNotice at={at} observed={farm.observed} />}
      <OldNotice farm={farm} />
      <div className={classes['parts']}>
        <DetailSection title="What it is">
          <FarmFacts at={at} farm={farm} />
        </DetailSection>
        {/* Too wide to stand beside the facts. */}
        <FarmRoles at={at} farm={farm} />
        <FarmServers at={at} farmId={farm.id} />
        <FarmEvents at={at} farmId={farm.id} />
        <ReplacementHistory at={at} of={{ farm: farm.id }} />
        <ObjectActivity at={at} object={`farm:${farm.id}`} />
      </div>
      <ActionSection>
        <ObjectBar kind={farmKind} at={at} object={farm} name={farm.name} />
      </ActionSection>
      <ObjectDialogs
        kind={farmKind}
        at={at}
        id={farm.id}
        onGone={() => void navigate(paths.farms(at), { replace: true })}
      />
    </>
  );
}

/** How many of its servers run old images; nothing where none does. */
function OldNotice({ farm: { servers, observed, actions } }: { farm: Farm }) {
  const { open } = useDialog(['move']);
  const old = servers?.old ?? 0;
  if (old === 0) return null;
  return (
    <Notice tone="warning">
      {formatQuantity(old, 'server')} of {servers?.live} {old === 1 ? 'runs' : 'run'} an image that
      is deprecated or that the {observed === undefined ? 'role' : 'group'} has moved on from. A
      server takes the new image when it is relaunched.
      <ActionButton
        disabledReason={observed?.notMoved ?? reasonAgainst(actions?.move)}
        onClick={() => open('move')}
      >
        Move to the new image
      </ActionButton>
    </Notice>
  );
}

function FarmFacts({ at, farm }: { at: PathScope; farm: Farm }) {
  return (
    <div className={classes['facts']}>
      <FactList
        facts={[
          { label: 'Account', value: farm.accountName },
          { label: 'Environment', value: farm.envName },
          {
            label: 'Owner',
            value: (
              <>
                <Link to={paths.farms(at, { owner: farm.owner.id })}>{farm.owner.name}</Link>{' '}
                <a href={`mailto:${farm.owner.email}`}>{farm.owner.email}</a>
              </>
            ),
          },
          { label: 'Status', value: farmStatusWord[farm.status] },
          { label: 'Time zone', value: farm.timezone },
          { label: 'Launch order', value: launchOrderWords[farm.launchOrder] },
          ...(farm.project === null ? [] : [{ label: 'Project', value: farm.project.name }]),
        ]}
      />
      <FactList
        facts={[
          { label: 'Roles', value: <Count value={farm.farmRoles} noun="role" /> },
          {
            label: 'Servers',
            value: (
              <Count
                value={farm.servers?.live}
                noun="server"
                to={paths.servers(at, { farm: farm.id, live: true })}
              />
            ),
          },
          {
            label: 'On old images',
            value: <OldServers servers={farm.servers} to={paths.usage(at, { farm: farm.id })} />,
          },
          { label: 'Launched', value: <RelativeTime at={farm.launched} /> },
          { label: 'Added', value: <RelativeTime at={farm.added} /> },
          ...(farm.description === '' ? [] : [{ label: 'Description', value: farm.description }]),
        ]}
      />
    </div>
  );
}
