import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Image } from '#contract/images/images.ts';

import { imageSetListQuery } from '../../api/image-sets.ts';
import { imageRegistrationsQuery, imageTwinsQuery } from '../../api/images.ts';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { objectState } from '../../util/object-state.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

const keyOf = (image: Image) => image.id;
const labelOf = (image: Image) => image.name;

const statusColumn: Column<Image> = {
  id: 'status',
  header: 'Status',
  width: '7.5rem',
  cell: (image) => <StatusBadge state={objectState(image)} />,
};

function twinColumns(at: PathScope): readonly Column<Image>[] {
  return [
    {
      id: 'location',
      header: 'Location',
      isName: true,
      cell: (image) => (
        <Link to={paths.image(at, image.id)}>
          <CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} />
        </Link>
      ),
    },
    {
      id: 'scope',
      header: 'Scope',
      width: '7.5rem',
      cell: (image) => <ScopeBadge scope={image.scope} />,
    },
    statusColumn,
    {
      id: 'cloudImageId',
      header: 'Cloud image ID',
      width: '9.5rem',
      cell: (image) => <CopyableId id={image.cloudImageId} what="cloud image ID" />,
    },
  ];
}

const registrationColumns: readonly Column<Image>[] = [
  {
    id: 'name',
    header: 'Name',
    isName: true,
    // A copy further down is only found at its own scope.
    cell: (image) => <Link to={paths.image(scopeOfPlace(image), image.id)}>{image.name}</Link>,
  },
  { id: 'scope', header: 'Scope', cell: (image) => <PlaceBadge place={image} /> },
  statusColumn,
  { id: 'added', header: 'Added', cell: (image) => <RelativeTime at={image.added} /> },
];

interface ImageSetProps {
  at: PathScope;
  image: Image;
}

/** The rest of the image set, and the same cloud image registered elsewhere. */
export function ImageSet({ at, image }: ImageSetProps) {
  const twins = useQuery(imageTwinsQuery(at, image.id));
  const others = useQuery(imageRegistrationsQuery(at, image.id));
  const version = useQuery(
    imageSetListQuery(at, { name: image.name, os: image.os.id, scope: image.scope, maxResults: 1 }),
  ).data?.data[0];
  const twinRows = twins.data?.data ?? [];
  const otherRows = others.data?.data ?? [];
  return (
    <>
      {(twins.error !== null || twinRows.length > 0) && (
        <DetailSection
          title={`The same image in ${formatQuantity(twinRows.length, 'other place')}`}
        >
          {twins.error !== null && (
            <ErrorNotice error={twins.error} onRetry={() => void twins.refetch()} />
          )}
          <DataTable
            label="The same image in other places"
            columns={twinColumns(at)}
            rows={twinRows}
            rowKey={keyOf}
            rowLabel={labelOf}
          />
          {version !== undefined && (
            <p>
              <Link to={paths.imageSet(at, version.id)}>
                Show this version in all its places, and the versions before and after it
              </Link>
            </p>
          )}
        </DetailSection>
      )}
      {(others.error !== null || otherRows.length > 0) && (
        <DetailSection title="The same cloud image, registered again">
          {others.error !== null && (
            <ErrorNotice error={others.error} onRetry={() => void others.refetch()} />
          )}
          <DataTable
            label="The same cloud image, registered again"
            columns={registrationColumns}
            rows={otherRows}
            rowKey={keyOf}
            rowLabel={labelOf}
          />
        </DetailSection>
      )}
    </>
  );
}
