import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { imagesOfSetQuery, imageSetListQuery, imageSetQuery } from '../../api/image-sets.ts';
import type { ImageSetListInput } from '../../api/image-sets.ts';
import { useObject } from '../../api/query.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { Count } from '../../components/Count.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FactList } from '../../components/FactList.tsx';
import { Notice } from '../../components/Notice.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { SetStatus } from '../../components/SetStatus.tsx';
import { ObjectBar } from '../../components/objects/ObjectBar.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import { imageSetKind } from '../../components/versions/image-set-actions.ts';
import { WordHelp } from '../../components/help/WordHelp.tsx';
import { useScope } from '../../hooks/use-scope.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { DetailLayout, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { OldImageOverTime } from '../../layouts/replacements/OldImageOverTime.tsx';
import {
  ReplacementHistory,
  replacementHistoryQuery,
} from '../../layouts/replacements/ReplacementHistory.tsx';
import { TestServers } from '../../layouts/servers/TestServers.tsx';
import { ask, queryClient } from '../../query-client.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { Line } from './Line.tsx';
import { SetPlaces } from './SetPlaces.tsx';

const kind = imageSetKind((at, set) => ask(imageSetQuery(at, String(set.id))));

/** Starts reading all parts of the page at once. */
export const loader = scopedLoader((at, _search, { imageSetId = '' }) => {
  void queryClient.prefetchQuery(imageSetQuery(at, imageSetId));
  void queryClient.prefetchQuery(imagesOfSetQuery(at, imageSetId));
});

/** One version of an image: where it stands, what uses it, and the versions before and after it. */
export function Component() {
  const at = useScope();
  const { imageSetId = '' } = useParams();
  const set = useObject(imageSetQuery(at, imageSetId), 'imageSetList');
  if (set === undefined) return <PageSkeleton />;
  return <SetDetails key={imageSetId} at={at} set={set} />;
}

function SetDetails({ at, set }: { at: PathScope; set: ImageSet }) {
  const navigate = useNavigate();
  const total = formatQuantity(set.images.total, 'image');
  return (
    <>
      <PageHeader
        title={set.name}
        crumbs={[{ label: 'Images', to: paths.images(at) }]}
        facts={
          <>
            <PlaceBadge place={set} />
            <span>
              {total} in {formatQuantity(set.places.length, 'place')}
            </span>
            <SetStatus set={set} />
            {set.images.protected > 0 && <span>{protectedWords(set)}</span>}
            <WordHelp word="version" />
          </>
        }
        action={
          <ActionButton to={paths.images(at, { view: 'images', imageSet: set.id })}>
            Show {total}
          </ActionButton>
        }
      />
      <SetNotices at={at} set={set} />
      <DetailLayout
        facts={<SetFacts at={at} set={set} />}
        actions={<ObjectBar kind={kind} at={at} object={set} name={set.name} />}
      >
        <SetPlaces {...{ kind, at, set }} />
        <TestServers at={at} of={{ imageSet: String(set.id) }} tried={set} />
        <SetLine at={at} set={set} />
        <SetOverTime at={at} set={set} />
        <ReplacementHistory at={at} of={{ imageSet: set.id }} />
        <ObjectActivity at={at} object={`imageSet:${set.os.id}/${set.name}`} />
      </DetailLayout>
      <ObjectDialogs
        kind={kind}
        at={at}
        id={set.id}
        onGone={() => void navigate(paths.images(at), { replace: true })}
      />
    </>
  );
}

function SetLine({ at, set }: { at: PathScope; set: ImageSet }) {
  const line = useQuery(imageSetListQuery(at, lineOf(set)));
  return (
    <DetailSection title={`Versions of ${set.line}`}>
      {line.error !== null && (
        <ErrorNotice error={line.error} onRetry={() => void line.refetch()} />
      )}
      <Line at={at} set={set} sets={line.data?.data} />
    </DetailSection>
  );
}

/** Whether all of it is, or how much. */
function protectedWords({ images }: ImageSet): string {
  const { protected: count, total } = images;
  return count === total ? 'Protected' : `${count} of ${total} protected`;
}

/** What is left of a version that is deprecated or was replaced. */
function SetOverTime({ at, set }: { at: PathScope; set: ImageSet }) {
  const { data } = useQuery(replacementHistoryQuery(at, { imageSet: set.id }));
  const wasReplaced = data?.data.some(
    ({ pairs, state }) =>
      (state === 'applied' || state === 'rolledBack') &&
      pairs.some(({ oldImage }) => oldImage.imageSet?.id === set.id),
  );
  if (set.images.deprecated === 0 && wasReplaced !== true) return null;
  return (
    <OldImageOverTime at={at} of={{ imageSet: String(set.id) }} deletion={set.actions?.delete} />
  );
}

/** What one should know before using it. */
function SetNotices({ at, set }: { at: PathScope; set: ImageSet }) {
  return (
    <>
      {set.images.deprecated > 0 && (
        <Notice tone="warning">
          {deprecatedWords(set)} Nothing new can start to use those.
          <WordHelp word="deprecated" />
        </Notice>
      )}
      {set.newer !== null && (
        <Notice tone="info">
          There is a newer version.{' '}
          <Link to={paths.imageSet(at, set.newer.id)}>Show {set.newer.name}</Link>
        </Notice>
      )}
    </>
  );
}

function deprecatedWords({ images: { deprecated, total } }: ImageSet): string {
  if (deprecated < total) return `${deprecated} of its ${total} images are deprecated.`;
  return total === 1 ? 'Its image is deprecated.' : `All its ${total} images are deprecated.`;
}

/** The newest versions of its line, itself among them or older than these. */
function lineOf({ line, os }: ImageSet): ImageSetListInput {
  return { line, os: os.id, sort: '-added', maxResults: 20, include: ['usage'] };
}

function SetFacts({ at, set }: { at: PathScope; set: ImageSet }) {
  return (
    <DetailSection title="What it is">
      <FactList
        facts={[
          { label: 'Scope', value: <PlaceBadge place={set} /> },
          ...((set.description ?? '') === ''
            ? []
            : [{ label: 'Description', value: set.description }]),
          { label: 'OS', value: set.osName },
          { label: 'Architectures', value: set.architectures.join(', ') },
          { label: 'Line', value: set.line },
          { label: 'Added', value: <RelativeTime at={set.added} /> },
          { label: 'Last used', value: <RelativeTime at={set.lastUsed} /> },
          ...usageFacts(at, set),
        ]}
      />
    </DetailSection>
  );
}

/** What uses it, each count with the list of what was counted. */
function usageFacts(at: PathScope, { id: imageSet, usage }: ImageSet) {
  if (usage === undefined) return [];
  const { roles, farms, servers, oldServers } = usage;
  return [
    {
      label: 'Roles',
      value: <Count value={roles} noun="role" to={paths.roles(at, { imageSet })} />,
    },
    {
      label: 'Farms',
      value: <Count value={farms} noun="farm" to={paths.farms(at, { imageSet })} />,
    },
    {
      label: 'Servers',
      value: (
        <>
          <Count value={servers} noun="server" to={paths.servers(at, { imageSet, live: true })} />
          {oldServers > 0 && (
            <>
              {', of them '}
              <Count
                withNoun
                value={oldServers}
                noun="old server"
                to={paths.servers(at, { imageSet, old: true })}
              />
              <WordHelp word="old" />
            </>
          )}
        </>
      ),
    },
  ];
}
