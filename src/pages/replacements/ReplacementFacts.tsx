import { Link } from 'react-router';
import type { PairedImage } from '#contract/replacements/replacement-members.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { FactList } from '../../components/FactList.tsx';
import type { Fact } from '../../components/FactList.tsx';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { reachWords } from './replacement-words.ts';
import classes from './ReplacementFacts.module.css';

interface FactsProps {
  at: PathScope;
  replacement: ReplacementDetail;
}

/** The images of one side: the one there is, or the versions that they are of. */
function SideFact({ at, images }: { at: PathScope; images: readonly PairedImage[] }) {
  const [only] = images;
  if (images.length === 1 && only !== undefined) {
    return (
      <div className={classes['image']}>
        <Link to={paths.image(at, only.id)}>{only.name}</Link>
        <CopyableId id={only.cloudImageId} what="cloud image ID" length={24} />
        {only.deprecated && <span className="dim">deprecated now</span>}
      </div>
    );
  }
  const versions = new Map(images.map(({ name, imageSet }) => [name, imageSet]));
  return (
    <div className={classes['image']}>
      {[...versions].map(([name, set]) =>
        set === null ? (
          <span key={name}>{name}</span>
        ) : (
          <Link key={name} to={paths.imageSet(at, set.id)}>
            {name}
          </Link>
        ),
      )}
      {images.every(({ deprecated }) => deprecated) && <span className="dim">deprecated now</span>}
    </div>
  );
}

function sideFacts(at: PathScope, { pairs, oldImage }: ReplacementDetail): Fact[] {
  const isOne = pairs.length === 1;
  const images = (side: 'oldImage' | 'newImage') => (
    <SideFact at={at} images={pairs.map((pair) => pair[side])} />
  );
  return [
    { label: isOne ? 'Old image' : 'Old version', value: images('oldImage') },
    { label: isOne ? 'New image' : 'New version', value: images('newImage') },
    isOne
      ? {
          label: 'Location',
          value: (
            <CloudLocation platform={oldImage.cloudPlatform} location={oldImage.cloudLocation} />
          ),
        }
      : { label: 'Pairs', value: formatQuantity(pairs.length, 'image') },
  ];
}

/** How a plan is to replace, and until when. */
function planFacts({ wish, planned, state }: ReplacementDetail): Fact[] {
  if (wish === null || planned === null) return [];
  return [
    {
      label: 'Deprecates',
      value: wish.deprecateOldImage === true ? 'the old images' : 'nothing',
    },
    {
      label: 'What cannot change',
      value: wish.onIncompatible === 'skip' ? 'stays as it is' : 'keeps everything from changing',
    },
    {
      label: 'Other registrations',
      value: wish.otherRegistrations === true ? 'are taken along' : 'stay',
    },
    ...(state === 'cancelled'
      ? []
      : [
          {
            label: state === 'expired' ? 'Expired' : 'Can be applied until',
            value: <RelativeTime at={planned.expiresAt} />,
          },
        ]),
    { label: 'Made at revision', value: planned.revision },
  ];
}

/** What a replacement did. */
function doneFacts(at: PathScope, replacement: ReplacementDetail): Fact[] {
  const { pairs, rollsBack, rolledBackBy, planned } = replacement;
  const flagged = pairs.filter((pair) => pair.deprecatedOldImage).length;
  const deprecated =
    pairs.length === 1
      ? 'the old image, with it'
      : `${formatQuantity(flagged, 'old image')}, with it`;
  return [
    { label: 'Changed', value: formatQuantity(replacement.roles, 'role') },
    { label: 'Deprecated', value: flagged > 0 ? deprecated : 'nothing' },
    { label: 'When', value: <RelativeTime at={replacement.at} /> },
    { label: 'By', value: replacement.by },
    ...(planned === null
      ? []
      : [
          {
            label: 'Planned',
            value: (
              <>
                <RelativeTime at={planned.at} /> by {planned.by}
              </>
            ),
          },
        ]),
    ...(rollsBack === null
      ? []
      : [
          {
            label: 'Rolls back',
            value: <Link to={paths.replacement(at, rollsBack.id)}>an earlier replacement</Link>,
          },
        ]),
    ...(rolledBackBy === null
      ? []
      : [
          {
            label: 'Rolled back',
            value: <Link to={paths.replacement(at, rolledBackBy.id)}>by a later one</Link>,
          },
        ]),
  ];
}

/** What was or is to be replaced by what, where, by whom and why. */
export function ReplacementFacts({ title, at, replacement }: FactsProps & { title: string }) {
  const isDone = replacement.state === 'applied' || replacement.state === 'rolledBack';
  return (
    <DetailSection title={title}>
      <FactList
        facts={[
          ...sideFacts(at, replacement),
          { label: 'Made at', value: <ScopeBadge scope={replacement.scope} /> },
          { label: isDone ? 'Reached' : 'Reaches', value: reachWords(replacement) },
          { label: 'Reason', value: replacement.reason ?? <span className="dim">none given</span> },
          ...(isDone ? doneFacts(at, replacement) : planFacts(replacement)),
          { label: 'ID', value: <CopyableId id={replacement.id} what="ID" length={24} /> },
        ]}
      />
    </DetailSection>
  );
}
