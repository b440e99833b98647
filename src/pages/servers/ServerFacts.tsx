import { Link } from 'react-router';
import type { Server } from '#contract/farms/servers.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { FactList } from '../../components/FactList.tsx';
import type { Fact } from '../../components/FactList.tsx';
import { ImageName } from '../../components/ImageName.tsx';
import { ObservedMark } from '../../components/objects/ObservedMark.tsx';
import { RoleName } from '../../components/objects/RoleName.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ServerStatus } from '../../components/servers/ServerStatus.tsx';
import { ServerState } from '../../components/servers/ServerState.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';

const none = <span className="dim">none</span>;

/** What a server is, where it is, and how it came to be. */
export function ServerFacts({ at, server }: { at: PathScope; server: Server }) {
  const { farm } = server;
  return (
    <FactList
      facts={[
        {
          label: 'Farm',
          value: (
            <>
              <Link to={paths.farm(at, farm.id)}>{farm.name}</Link>
              {server.observed === true && <ObservedMark />}
            </>
          ),
        },
        { label: 'Farm role', value: server.farmRole.alias },
        {
          label: 'Role',
          value: <RoleName of={server} />,
        },
        { label: 'Number', value: server.index },
        { label: 'Status', value: <ServerStatus server={server} /> },
        { label: 'Host name', value: server.hostname === '' ? none : server.hostname },
        { label: 'Public IP', value: <Addresses addresses={server.publicIp} what="public IP" /> },
        {
          label: 'Private IP',
          value: <Addresses addresses={server.privateIp} what="private IP" />,
        },
        {
          label: 'Location',
          value: <CloudLocation platform={server.cloudPlatform} location={server.cloudLocation} />,
        },
        { label: 'Instance type', value: server.instanceType === '' ? none : server.instanceType },
        {
          label: 'Cloud ID',
          value:
            server.cloudServerId === null ? (
              none
            ) : (
              <CopyableId id={server.cloudServerId} what="cloud server ID" length={40} />
            ),
        },
        { label: 'ID', value: <CopyableId id={server.id} length={44} /> },
        ...launchFacts(server),
      ]}
    />
  );
}

/** When it was launched, why, and by whom. */
function launchFacts(server: Server): Fact[] {
  const { launchReason, launchedBy } = server;
  return [
    { label: 'Launched', value: <RelativeTime at={server.launched} /> },
    { label: 'Launch reason', value: launchReason === '' ? none : launchReason },
    ...(launchedBy === null
      ? []
      : [
          {
            label: 'Launched by',
            value: (
              <>
                {launchedBy.name} <a href={`mailto:${launchedBy.email}`}>{launchedBy.email}</a>
              </>
            ),
          },
        ]),
  ];
}

function Addresses({ addresses, what }: { addresses: readonly string[]; what: string }) {
  if (addresses.length === 0) return none;
  return addresses.map((address) => (
    <CopyableId key={address} id={address} what={what} length={40} />
  ));
}

/** What a server was started from, what its role has now, and whether that is the same. */
export function ServerImage({ server }: { server: Server }) {
  const { image, roleImage } = server;
  const home = environmentOf(server);
  return (
    <FactList
      facts={[
        { label: 'Runs', value: image === null ? none : <NamedImage at={home} image={image} /> },
        { label: 'Its role has now', value: <NamedImage at={home} image={roleImage} /> },
        { label: 'State', value: <ServerState server={server} isWhyShown /> },
        ...(server.afterTermination === undefined
          ? []
          : [{ label: 'If terminated', value: server.afterTermination.reason }]),
      ]}
    />
  );
}

interface NamedImageProps {
  at: PathScope;
  image: Server['roleImage'];
}

function NamedImage({ at, image }: NamedImageProps) {
  return (
    <>
      <ImageName at={at} image={image} />{' '}
      <CopyableId id={image.cloudImageId} what="cloud image ID" length={32} />
    </>
  );
}
