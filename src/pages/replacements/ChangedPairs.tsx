import { useMemo } from 'react';
import { Link } from 'react-router';
import type { Image } from '#contract/images/images.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { Count } from '../../components/Count.tsx';
import { placeWords } from '../../components/flows/flow-names.ts';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column, Selection } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import classes from './PlanPage.module.css';
import { pairKey } from './use-chosen-part.ts';
import { isUnused, useOldImages } from './use-old-images.ts';

type Pair = ReplacementDetail['pairs'][number];

interface ChangedPairsProps {
  at: PathScope;
  replacement: ReplacementDetail;
  selection: Selection;
}

/** What was replaced by what, place by place, and what became of the old images. */
export function ChangedPairs({ at, replacement, selection }: ChangedPairsProps) {
  const images = useOldImages(at, replacement);
  const columns = useMemo(() => columnsAt(at, images), [at, images]);
  // One place alone is all of it.
  const isOne = replacement.pairs.length === 1;
  return (
    <DetailSection title="Place by place">
      <DataTable
        label="Place by place"
        columns={columns}
        rows={replacement.pairs}
        rowKey={pairKey}
        rowLabel={rowLabel}
        {...(isOne ? {} : { selection })}
      />
    </DetailSection>
  );
}

const rowLabel = ({ oldImage }: Pair) => placeWords(oldImage);

function columnsAt(
  at: PathScope,
  images: ReadonlyMap<string, Image> | undefined,
): readonly Column<Pair>[] {
  return [
    {
      id: 'place',
      header: 'Place',
      isName: true,
      text: rowLabel,
      cell: ({ oldImage: { cloudPlatform, cloudLocation, architecture } }) => (
        <span>
          <CloudLocation platform={cloudPlatform} location={cloudLocation} />{' '}
          <span className="dim">{architecture}</span>
        </span>
      ),
    },
    { id: 'old', header: 'Old image', cell: ({ oldImage }) => imageLink(at, oldImage) },
    { id: 'new', header: 'New image', cell: ({ newImage }) => imageLink(at, newImage) },
    {
      id: 'roles',
      header: 'Roles',
      align: 'end',
      width: '3.5rem',
      cell: ({ roles }) => <Count value={roles} noun="role" />,
    },
    {
      id: 'left',
      header: 'Old image now',
      width: '13rem',
      cell: (pair) => (
        <span className={classes['wrap']}>
          <OldNow at={at} pair={pair} image={images?.get(pair.oldImage.id)} isKnown={!!images} />
        </span>
      ),
    },
  ];
}

function imageLink(at: PathScope, image: Pair['oldImage']) {
  return <Link to={paths.image(at, image.id)}>{image.name}</Link>;
}

interface OldNowProps {
  at: PathScope;
  pair: Pair;
  image: Image | undefined;
  isKnown: boolean;
}

function OldNow({ at, pair: { oldImage }, image, isKnown }: OldNowProps) {
  if (oldImage.imageSet === null) return 'deleted';
  if (!isKnown) return '…';
  if (image?.usage === undefined) return 'not seen here';
  if (isUnused(at, image))
    return (
      <Link
        to={paths.image(at, image.id, { dialog: 'delete' })}
        aria-label={`Ready to delete: ${image.name} in ${placeWords(oldImage)}`}
      >
        Ready to delete
      </Link>
    );
  const { roles, servers } = image.usage;
  if (roles + servers === 0) return 'not used here';
  return `${formatQuantity(roles, 'role')}, ${formatQuantity(servers, 'server')}`;
}
