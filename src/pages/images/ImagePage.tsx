import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Image } from '#contract/images/images.ts';

import {
  imageRegistrationsQuery,
  imageQuery,
  imageTwinsQuery,
  imageUsageQuery,
} from '../../api/images.ts';
import { useObject } from '../../api/query.ts';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { Notice } from '../../components/Notice.tsx';
import { DeprecationNotice } from '../../components/objects/DeprecationNotice.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { ObjectPage } from '../../layouts/ObjectPage.tsx';
import { OldImageOverTime } from '../../layouts/replacements/OldImageOverTime.tsx';
import { TestServers } from '../../layouts/servers/TestServers.tsx';
import { queryClient } from '../../query-client.ts';
import { objectState } from '../../util/object-state.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { DeprecatedElsewhere } from './DeprecatedElsewhere.tsx';
import { imageKind } from './image-actions.ts';
import { ImageFacts } from './ImageFacts.tsx';
import { ImageHistory, replacedByQuery } from './ImageHistory.tsx';
import { ImageSet } from './ImageSet.tsx';
import { ImageUses } from './ImageUses.tsx';

/** Starts reading all parts of the page at once. */
export const loader = scopedLoader((at, _search, { imageId = '' }) => {
  void queryClient.prefetchQuery(imageQuery(at, imageId));
  void queryClient.prefetchQuery(imageUsageQuery(at, imageId));
  void queryClient.prefetchQuery(imageTwinsQuery(at, imageId));
  void queryClient.prefetchQuery(imageRegistrationsQuery(at, imageId));
});

/** One image: what it is, where it is used, and what to do with it. */
export function Component() {
  const at = useScope();
  const { imageId = '' } = useParams();
  const image = useObject(imageQuery(at, imageId), 'imageList');
  if (image === undefined) return <PageSkeleton />;
  return (
    <ObjectPage
      key={imageId}
      kind={imageKind}
      at={at}
      object={image}
      section="images"
      summary={<CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} />}
      notice={<StateNotice at={at} image={image} />}
      facts={<ImageFacts image={image} />}
    >
      <TestServers at={at} of={{ image: image.id }} tried={image} />
      <ImageUses at={at} imageId={image.id} />
      <ImageSet at={at} image={image} />
      <ImageOverTime at={at} image={image} />
      <ImageHistory at={at} imageId={image.id} />
      <ObjectActivity at={at} object={`image:${image.id}`} />
    </ObjectPage>
  );
}

/** What is left of an image that is deprecated or was replaced. */
function ImageOverTime({ at, image }: { at: PathScope; image: Image }) {
  const replacedBy = useQuery(replacedByQuery(at, image.id)).data?.data ?? [];
  if (!image.deprecated && replacedBy.length === 0) return null;
  return <OldImageOverTime at={at} of={{ image: image.id }} deletion={image.actions?.delete} />;
}

/** Why the image is not simply active, and what to do about it. */
function StateNotice({ at, image }: { at: PathScope; image: Image }) {
  const state = objectState(image);
  if (state === 'failed') {
    return (
      <Notice tone="danger">
        It could not be made or deleted. {image.statusError ?? 'The cloud gave no reason.'}
      </Notice>
    );
  }
  if (state === 'copying') {
    return (
      <Notice tone="info">
        The cloud is still making this copy. It can be used, promoted and deleted once it is there.
      </Notice>
    );
  }
  if (state === 'deleting') {
    return (
      <Notice tone="warning">
        The machine image is being deleted from its cloud.
        {image.statusError === null ? '' : ` The last attempt failed: ${image.statusError}`}
      </Notice>
    );
  }
  return (
    <>
      <DeprecationNotice
        deprecation={image.deprecation}
        users="roles"
        addressOf={(id) => paths.image(at, id)}
      />
      {image.deprecation === null && <DeprecatedElsewhere at={at} image={image} />}
    </>
  );
}
