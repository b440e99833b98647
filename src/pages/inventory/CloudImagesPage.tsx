import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { CloudImage, Coverage } from '#contract/inventory/cloud-images.ts';
import { useVerdicts } from '#contract/inventory/cloud-images.ts';
import { cloudPlatforms } from '#contract/images/platforms.ts';

import { scopeQuery } from '../../api/scopes.ts';
import { cloudImageExportUrl, cloudImageListQuery, coverageQuery } from '../../api/cloud-images.ts';
import type { CloudImageListInput } from '../../api/cloud-images.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { DownloadCsv } from '../../components/DownloadCsv.tsx';
import { filtersBy, flagOptions, optionsOf } from '../../components/filters/choices.ts';
import { locationWords } from '../../components/flows/flow-names.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { BulkActions } from '../../components/objects/BulkActions.tsx';
import { actionItems } from '../../components/objects/object-actions.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useRowSelection } from '../../hooks/use-row-selection.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import {
  choiceParam,
  flagParam,
  listParams,
  pageOf,
  parseSearch,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { useCloudImageKind } from './cloud-image-kind.ts';
import { labelOf, noteOf, verdictWords, whereOf } from './cloud-image-words.ts';
import { CoverageDialog, CoverageNotice } from './CoverageNotice.tsx';

const search = {
  query: textParam(),
  use: choiceParam(useVerdicts),
  registered: flagParam(),
  running: flagParam(),
  unwanted: flagParam(),
  cloudPlatform: choiceParam(cloudPlatforms),
  cloudLocation: textParam(),
  ...listParams(['name', 'created'], 'name'),
};

function filtersOf(state: SearchState<typeof search>) {
  const { query, cloudLocation, use, registered, running, unwanted, cloudPlatform, sort } = state;
  return {
    query: query === '' ? undefined : query,
    cloudLocation: cloudLocation === '' ? undefined : cloudLocation,
    use,
    registered,
    running,
    unwanted,
    cloudPlatform,
    sort,
  };
}

function listInput(state: SearchState<typeof search>): CloudImageListInput {
  return { ...filtersOf(state), ...pageOf(state), include: ['total'] };
}

/** The same as a call to register takes them; what is in the catalogue is not registered again. */
function registrationFiltersOf(state: SearchState<typeof search>) {
  const { sort: _, registered: __, ...filters } = filtersOf(state);
  return filters;
}

const RegisterMatching = lazyPart(
  async () => (await import('./RegisterImages.tsx')).RegisterMatching,
);

const rowKey = ({ id }: CloudImage) => id;
const rowDetails = (image: CloudImage) => [locationWords(image), image.cloudImageId];

function columnsFor(at: PathScope): readonly Column<CloudImage>[] {
  return [
    { id: 'name', header: 'Name', isName: true, sortKey: 'name', cell: labelOf, note: noteOf },
    {
      id: 'use',
      header: 'In use?',
      cell: ({ use }) => verdictWords[use.verdict],
      note: ({ use }) => use.words,
    },
    { id: 'location', header: 'Location', width: '9rem', cell: (image) => locationWords(image) },
    {
      id: 'cloudImageId',
      header: 'Cloud image ID',
      width: '13.5rem',
      cell: ({ cloudImageId }) => cloudImageId,
    },
    {
      id: 'registered',
      header: 'In the catalogue',
      width: '10rem',
      cell: ({ registrations: [image], unwanted }) => {
        if (image !== undefined) return <Link to={paths.image(at, image.id)}>{image.name}</Link>;
        return unwanted ? 'Not wanted' : 'No';
      },
    },
  ];
}

/** Starts reading the list before the page is there. */
export const loader = scopedLoader((at, params) => {
  void queryClient.prefetchQuery(cloudImageListQuery(at, listInput(parseSearch(search, params))));
  void queryClient.prefetchQuery(coverageQuery(at));
});

/** The machine images that were found in clouds, what uses them, and which of them are in the catalogue. */
export const Component = scopedPage(CloudImages);

/** Where there is anything to be found. */
function locationsOf(places: readonly Coverage[] = []): string[] {
  return [...new Set(places.flatMap(({ cloudLocation }) => cloudLocation || []))].sort();
}

/** The list as the address has it, with its filters. */
function useCloudImageList(at: PathScope) {
  const base = useList(search, (state) => cloudImageListQuery(at, listInput(state)));
  const { data: coverage } = useQuery(coverageQuery(at));
  const filter = filtersBy(base.state, base.patch);
  const filters = [
    filter('use', 'In use?', optionsOf(useVerdicts, verdictWords)),
    filter('registered', 'Catalogue', flagOptions('In the catalogue', 'Not in the catalogue')),
    filter('running', 'Servers', flagOptions('Servers run it', 'No server runs it')),
    filter('cloudLocation', 'Location', optionsOf(locationsOf(coverage?.data))),
    filter('unwanted', 'Wanted', flagOptions('Not wanted', 'Wanted')),
  ];
  const listing = useListing(base, filters, {
    label: 'Search cloud images',
    placeholder: 'Name or cloud image ID',
    members: ['name', 'cloudImageId'],
  });
  return { listing, state: base.state };
}

/** Leads to what runs somewhere and is not in the catalogue. */
function UnknownLink({ at }: { at: PathScope }) {
  const unknown = { running: true, registered: 'false', unwanted: 'false' };
  return (
    <p>
      <Link to={paths.cloudImages(at, unknown)}>Running, unknown to the catalogue</Link>
    </p>
  );
}

function RegisterAll({ at, onOpen }: { at: PathScope; onOpen: () => void }) {
  const { data: scope } = useQuery(scopeQuery(at));
  return (
    <ActionButton
      disabledReason={reasonAgainst(scope?.actions.imageCreate)}
      onClick={onOpen}
      onIntent={RegisterMatching.fetchAhead}
    >
      Register all that match
    </ActionButton>
  );
}

function CloudImages({ at }: { at: PathScope }) {
  const kind = useCloudImageKind(at);
  const { listing, state } = useCloudImageList(at);
  const selection = useRowSelection(listing.list.data?.data);
  const { dialog, open, close } = useDialog([
    ...Object.keys(kind.actions),
    'coverage',
    'register-all',
  ]);
  const exportUrl = cloudImageExportUrl(at, filtersOf(state));
  return (
    <>
      <CoverageNotice at={at} onOpen={() => open('coverage')} />
      <UnknownLink at={at} />
      <ListPage
        {...{ at, listing, rowKey, rowDetails }}
        columns={columnsFor(at)}
        rowLabel={labelOf}
        selection={selection.forTable}
        noun="cloud image"
        hint="What is in your clouds shows here a minute after you have added cloud credentials."
        create={undefined}
        end={(chooser) => (
          <>
            <RegisterAll at={at} onOpen={() => open('register-all')} />
            <DownloadCsv href={exportUrl} file="cloud-images.csv" />
            {chooser}
          </>
        )}
        actions={(image) => actionItems(kind, at, image, (name) => open(name, image.id))}
      />
      <BulkActions
        {...{ kind, at }}
        objects={selection.rows}
        nameOf={whereOf}
        onClear={selection.clear}
      />
      <ObjectDialogs kind={kind} at={at} />
      {dialog === 'register-all' && (
        <RegisterMatching at={at} filters={registrationFiltersOf(state)} onClose={close} />
      )}
      {dialog === 'coverage' && <CoverageDialog at={at} onClose={close} />}
    </>
  );
}
