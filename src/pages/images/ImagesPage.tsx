import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { LoaderFunctionArgs } from 'react-router';
import type { Image } from '#contract/images/images.ts';

import { imageListQuery } from '../../api/images.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ColumnChooser, useColumnChoice } from '../../components/table/ColumnChooser.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { ImageFlows } from '../../components/flows/FlowDialogs.tsx';
import { NoMatch } from '../../components/filters/NoMatch.tsx';
import { Pager, totalWords } from '../../components/table/Pager.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useRowSelection } from '../../hooks/use-row-selection.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { paths, scopeOfPath, scopePath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { BulkActions } from './BulkActions.tsx';
import { imageActions } from './image-actions.tsx';
import type { ImageDialogName } from './image-actions.tsx';
import { imageColumns } from './image-columns.tsx';
import { listInputOf, useImageList } from './image-filters.ts';
import { ImageDialogs, imageDialogNames } from './ImageDialogs.tsx';

interface EmptyImagesProps {
  at: PathScope;
  /** Why this user cannot register one here. */
  reason: string | undefined;
}

function EmptyImages({ at, reason }: EmptyImagesProps) {
  const inherited =
    at.scope === 'scalr' ? '' : ' Images registered at higher scopes show here as well.';
  return (
    <EmptyState
      title="No images here yet"
      action={
        <ActionButton variant="filled" to={paths.newImage(at)} disabledReason={reason}>
          Register image
        </ActionButton>
      }
    >
      Register the machine image that servers here should start from.{inherited}
    </EmptyState>
  );
}

const rowKey = (image: Image) => image.id;
const rowLabel = (image: Image) => image.name;

/** Starts reading the list before the page is there; the page shows skeletons until it came. */
export function loader({ request }: LoaderFunctionArgs) {
  const { pathname, searchParams } = new URL(request.url);
  const at = scopeOfPath(pathname);
  if (at === undefined) return null;
  void queryClient.prefetchQuery(imageListQuery(at, listInputOf(searchParams)));
  void queryClient.prefetchQuery(scopeQuery(at));
  return null;
}

/** The images of a scope, its own and those it inherits. */
export function Component() {
  const at = useScope();
  return <ImageList key={scopePath(at)} at={at} />;
}

function ImageList({ at }: { at: PathScope }) {
  const { open } = useDialog(imageDialogNames);
  const scope = useQuery(scopeQuery(at)).data;
  const { list, ...filters } = useImageList(at);
  const rows = list.data?.data;
  const selection = useRowSelection(rows);
  const columns = useMemo(() => imageColumns(at), [at]);
  const { visible, chooser } = useColumnChoice(`images.${at.scope}`, columns);
  const reason = reasonAgainst(scope?.actions.imageCreate);
  return (
    <>
      <PageHeader
        title="Images"
        facts={totalWords(list.data?.pagination, 'image')}
        action={
          <ActionButton
            variant="filled"
            icon={<IconPlus size={16} aria-hidden />}
            to={paths.newImage(at)}
            disabledReason={reason}
          >
            Register image
          </ActionButton>
        }
      />
      <FilterBar
        search={filters.searchBox}
        filters={filters.filters}
        onClear={filters.clear}
        end={<ColumnChooser {...chooser} />}
      />
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {(rows !== undefined || list.error === null) && (
        <DataTable
          label="Images"
          columns={visible}
          rows={rows}
          rowKey={rowKey}
          rowLabel={rowLabel}
          sort={{ value: filters.state.sort, onChange: (sort) => filters.patch({ sort }) }}
          selection={selection.forTable}
          actions={(image) => rowActions(image, open)}
          isStale={list.isPlaceholderData}
          listKey={filters.listKey}
          empty={
            filters.active.length > 0 ? (
              <NoMatch noun="images" filters={filters.active} onClear={filters.clear} />
            ) : (
              <EmptyImages at={at} reason={reason} />
            )
          }
        />
      )}
      <Pager
        pagination={list.data?.pagination}
        noun="image"
        pageSize={filters.state.pageSize}
        onPageSize={(pageSize) => filters.patch({ pageSize })}
      />
      <BulkActions at={at} images={selection.rows} onClear={selection.clear} />
      <ImageDialogs at={at} />
      <ImageFlows at={at} />
    </>
  );
}

function rowActions(image: Image, open: (dialog: ImageDialogName, on: string) => void) {
  return Object.values(imageActions(image, (dialog) => open(dialog, image.id)));
}
