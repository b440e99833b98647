import type { Image } from '#contract/images/images.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { FactList } from '../../components/FactList.tsx';
import type { Fact } from '../../components/FactList.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatGb } from '../../util/format.ts';

const sources: Record<Image['source'], string> = {
  Manual: 'Registered by hand or by a script',
  BundleTask: 'Snapshot of a server',
};

function yesOrNo(value: boolean): string {
  return value ? 'installed' : 'not installed';
}

function protectionFacts({ protection }: Image): Fact[] {
  if (protection === null) return [];
  const { by, at, reason } = protection;
  return [
    {
      label: 'Protected',
      value: (
        <>
          by {by} <RelativeTime at={at} />
          {reason === null ? '' : `: ${reason}`}
        </>
      ),
    },
  ];
}

function factsOf(image: Image): Fact[] {
  return [
    ...(image.description === '' ? [] : [{ label: 'Description', value: image.description }]),
    { label: 'Scope', value: <PlaceBadge place={image} /> },
    {
      label: 'Location',
      value: <CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} />,
    },
    {
      label: 'Cloud image ID',
      value: <CopyableId id={image.cloudImageId} what="cloud image ID" length={40} />,
    },
    {
      label: 'In its cloud',
      value:
        image.checked === null ? (
          'not checked: no cloud was asked whether it is there'
        ) : (
          <>
            confirmed <RelativeTime at={image.checked} />
          </>
        ),
    },
    ...protectionFacts(image),
    { label: 'OS', value: image.osName },
    { label: 'Architecture', value: image.architecture },
    ...(image.size === null ? [] : [{ label: 'Size', value: formatGb(image.size) }]),
    ...(image.type === null ? [] : [{ label: 'Type', value: image.type }]),
    { label: 'Scalr agent', value: yesOrNo(image.scalrAgentInstalled) },
    { label: 'cloud-init', value: yesOrNo(image.cloudInitInstalled) },
    { label: 'Source', value: sources[image.source] },
    {
      label: 'Added',
      value: (
        <>
          <RelativeTime at={image.added} /> by {image.createdBy}
        </>
      ),
    },
    { label: 'Last used', value: <RelativeTime at={image.lastUsed} /> },
    { label: 'ID', value: <CopyableId id={image.id} what="image ID" length={28} /> },
  ];
}

/** What an image is. */
export function ImageFacts({ image }: { image: Image }) {
  return <FactList facts={factsOf(image)} />;
}
