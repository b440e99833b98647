import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Server } from '#contract/farms/servers.ts';

import { farmQuery } from '../../api/farms.ts';
import { useObject } from '../../api/query.ts';
import { serverQuery } from '../../api/servers.ts';
import { Notice } from '../../components/Notice.tsx';
import { ObjectBar } from '../../components/objects/ObjectBar.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { serverLabel, whyOld } from '../../components/servers/server-words.ts';
import { ServerStatus } from '../../components/servers/ServerStatus.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { DetailLayout, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { ServerEvents } from '../../layouts/servers/ServerEvents.tsx';
import { queryClient } from '../../query-client.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { serverKind } from './server-kind.ts';
import { ServerFacts, ServerImage } from './ServerFacts.tsx';

/** Starts reading the server before the page is there. */
export const loader = scopedLoader((at, _search, { serverId = '' }) => {
  void queryClient.prefetchQuery(serverQuery(at, serverId));
});

/** One server: what it runs and what its role has now, where it is, and what to do with it. */
export function Component() {
  const at = useScope();
  const { serverId = '' } = useParams();
  const server = useObject(serverQuery(at, serverId), 'serverList');
  return server === undefined ? (
    <PageSkeleton />
  ) : (
    <ServerDetails key={serverId} {...{ at, server }} />
  );
}

function ServerDetails({ at, server }: { at: PathScope; server: Server }) {
  const farm = useQuery(farmQuery(at, server.farm.id)).data;
  const label = serverLabel(server);
  return (
    <>
      <PageHeader
        title={label}
        crumbs={[
          { label: 'Farms', to: paths.farms(at) },
          { label: server.farm.name, to: paths.farm(at, server.farm.id) },
        ]}
        facts={
          <>
            <ScopeBadge scope="environment" name={farm?.envName} />
            <ServerStatus server={server} />
          </>
        }
      />
      <OldNotice server={server} />
      <DetailLayout
        facts={
          <DetailSection title="What it is">
            <ServerFacts at={at} server={server} />
          </DetailSection>
        }
        actions={
          <ObjectBar
            kind={serverKind}
            at={at}
            object={server}
            name={`${label} of ${server.farm.name}`}
          />
        }
      >
        <DetailSection title="What it runs">
          <ServerImage server={server} />
        </DetailSection>
        <ServerEvents at={at} serverId={server.id} />
        <ObjectActivity at={at} object={`server:${server.id}`} />
      </DetailLayout>
      <ObjectDialogs kind={serverKind} at={at} id={server.id} />
    </>
  );
}

/** That it runs an old image, and how it comes to the new one. */
function OldNotice({ server }: { server: Server }) {
  const why = whyOld(server);
  if (why === '') return null;
  return (
    <Notice tone="warning">
      <p>It is on an old image. {why}</p>
      {server.afterTermination !== undefined && (
        <p>Once it is terminated: {server.afterTermination.reason}</p>
      )}
    </Notice>
  );
}
