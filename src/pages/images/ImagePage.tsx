import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import type { LoaderFunctionArgs } from 'react-router';
import type { Image } from '#contract/images/images.ts';

import {
  imageRegistrationsQuery,
  imageQuery,
  imageTwinsQuery,
  imageUsageQuery,
} from '../../api/images.ts';
import { imageCandidatePages } from '../../api/image-candidates.ts';
import { useObject } from '../../api/query.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ActionMenu } from '../../components/actions/ActionMenu.tsx';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { ImageFlows } from '../../components/flows/FlowDialogs.tsx';
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

import { imageActions } from './image-actions.tsx';
import { ImageDialogs, imageDialogNames } from './ImageDialogs.tsx';
import { ImageFacts } from './ImageFacts.tsx';
import { ImageHistory } from './ImageHistory.tsx';
import { ImageSet } from './ImageSet.tsx';
import { ImageUses } from './ImageUses.tsx';

/** Starts reading all parts of the page at once. */
export function loader({ request, params }: LoaderFunctionArgs) {
  const at = scopeOfPath(new URL(request.url).pathname);
  const { imageId } = params;
  if (at === undefined || imageId === undefined) return null;
  void queryClient.prefetchQuery(imageQuery(at, imageId));
  void queryClient.prefetchQuery(imageUsageQuery(at, imageId));
  void queryClient.prefetchQuery(imageTwinsQuery(at, imageId));
  void queryClient.prefetchQuery(imageRegistrationsQuery(at, imageId));
  return null;
}

/** One image: what it is, where it is used, and what to do with it. */
export function Component() {
  const at = useScope();
  const { imageId = '' } = useParams();
  const image = useObject(imageQuery(at, imageId), 'imageList');
  return image === undefined ? <PageSkeleton /> : <ImageDetails key={imageId} {...{ at, image }} />;
}

function ImageDetails({ at, image }: { at: PathScope; image: Image }) {
  const { open } = useDialog(imageDialogNames);
  const navigate = useNavigate();
  const client = useQueryClient();
  const candidates = imageCandidatePages(at, image.id, { query: '' });
  const actions = imageActions(image, (dialog) => open(dialog));
  return (
    <>
      <PageHeader
        title={image.name}
        crumbs={[{ label: 'Images', to: paths.images(at) }]}
        facts={
          <>
            <PlaceBadge place={image} />
            <CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} />
            <StatusBadge state={objectState(image)} />
          </>
        }
      />
      <StateNotice at={at} image={image} />
      <DetailLayout
        facts={
          <DetailSection title="What it is">
            <ImageFacts image={image} />
          </DetailSection>
        }
        actions={
          <>
            <ActionMenu
              label={`More actions for ${image.name}`}
              text="More"
              actions={() => [actions.copy, actions.rename, actions.deprecate, actions.delete]}
            />
            <BarButton action={actions.newVersion} />
            <BarButton action={actions.promote} />
            <BarButton
              action={actions.replace}
              variant="filled"
              onIntent={() => void client.prefetchInfiniteQuery(candidates)}
            />
          </>
        }
      >
        <ImageUses at={at} imageId={image.id} />
        <ImageSet at={at} image={image} />
        <ImageHistory at={at} imageId={image.id} />
      </DetailLayout>
      <ImageDialogs
        at={at}
        imageId={image.id}
        onGone={() => void navigate(paths.images(at), { replace: true })}
      />
      <ImageFlows at={at} imageId={image.id} />
    </>
  );
}

interface BarButtonProps {
  action: ActionItem;
  variant?: 'filled';
  /** Somebody points at it: what it needs can be fetched ahead. */
  onIntent?: () => void;
}

function BarButton({ action, variant, onIntent }: BarButtonProps) {
  return (
    <ActionButton
      icon={action.icon}
      variant={variant ?? 'default'}
      disabledReason={action.disabledReason}
      onClick={action.onSelect}
      onIntent={onIntent}
    >
      {action.label}
    </ActionButton>
  );
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
  const { deprecation } = image;
  if (deprecation === null) return null;
  return (
    <Notice tone="warning">
      <p>
        Deprecated <RelativeTime at={deprecation.at} /> by {deprecation.by}. It cannot be added to
        roles; what runs keeps running.
        {deprecation.reason !== null && ` Reason: ${deprecation.reason}`}
        {deprecation.replacement !== null && (
          <>
            {' Use '}
            <Link to={paths.image(at, deprecation.replacement.id)}>
              {deprecation.replacement.name}
            </Link>
            {' instead.'}
          </>
        )}
      </p>
    </Notice>
  );
}
