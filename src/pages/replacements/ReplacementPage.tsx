import { IconArrowBackUp } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import type { LoaderFunctionArgs } from 'react-router';

import { useObject } from '../../api/query.ts';
import { replacementQuery } from '../../api/replacements.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { Dialog } from '../../components/dialogs/Dialog.tsx';
import { onOldWords } from '../../components/flows/replace-words.ts';
import { FarmsOnOldTable } from '../../components/flows/FlowTables.tsx';
import { RollBack } from '../../components/flows/RollBack.tsx';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { DetailLayout, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { announce } from '../../util/announce.ts';
import { withoutBase } from '../../util/base-path.ts';
import { paths, scopeOfPath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { nowWords } from './replacement-words.ts';
import { ReplacementFacts } from './ReplacementFacts.tsx';

const dialogs = ['roll-back'] as const;

type RoleRow = ReplacementDetail['roleList'][number];

/** Starts reading before the page is there. */
export function loader({ request, params }: LoaderFunctionArgs) {
  const at = scopeOfPath(withoutBase(new URL(request.url).pathname));
  if (at === undefined || params['replacementId'] === undefined) return null;
  void queryClient.prefetchQuery(replacementQuery(at, params['replacementId']));
  return null;
}

/** One replacement: what changed, what is still on the old image, and the way back. */
export function Component() {
  const at = useScope();
  const { replacementId = '' } = useParams();
  const replacement = useObject(replacementQuery(at, replacementId));
  if (replacement === undefined) return <PageSkeleton />;
  return <Details key={replacementId} at={at} replacement={replacement} />;
}

function Details({ at, replacement }: { at: PathScope; replacement: ReplacementDetail }) {
  const { dialog, open, close } = useDialog(dialogs);
  const { oldImage, newImage } = replacement;
  return (
    <>
      <PageHeader
        title={`${oldImage.name} replaced by ${newImage.name}`}
        crumbs={[{ label: 'Replacements', to: paths.replacements(at) }]}
        facts={
          <span>
            {replacement.rollsBack === null ? 'Replaced' : 'Rolled back'}{' '}
            <RelativeTime at={replacement.at} />
            {replacement.rolledBackBy !== null && ', then rolled back'}
          </span>
        }
      />
      <DetailLayout
        facts={
          <DetailSection title="What it was">
            <ReplacementFacts at={at} replacement={replacement} />
          </DetailSection>
        }
        actions={
          <ActionButton
            icon={<IconArrowBackUp size={16} aria-hidden />}
            disabledReason={reasonAgainst(replacement.rollBack)}
            onClick={() => open('roll-back')}
          >
            Roll back
          </ActionButton>
        }
      >
        <StillOnOld at={at} replacement={replacement} />
        <DetailSection title="Roles that changed">
          <DataTable
            label="Roles that changed"
            columns={roleColumns}
            rows={replacement.roleList}
            rowKey={rowKey}
            rowLabel={rowLabel}
          />
        </DetailSection>
      </DetailLayout>
      {dialog === 'roll-back' && (
        <RollBackDialog at={at} replacement={replacement} onClose={close} />
      )}
    </>
  );
}

interface PartProps {
  at: PathScope;
  replacement: ReplacementDetail;
}

function RollBackDialog({ at, replacement, onClose }: PartProps & { onClose: () => void }) {
  return (
    <Dialog title={`Put ${replacement.oldImage.name} back?`} size="md" onClose={onClose}>
      <RollBack
        at={at}
        replacement={replacement}
        onCancel={onClose}
        onDone={(_, message) => {
          announce(message);
          onClose();
        }}
      />
    </Dialog>
  );
}

function StillOnOld({ at, replacement }: PartProps) {
  const { oldImage, staleServers, farmsOnOldImage, farmList } = replacement;
  return (
    <DetailSection title="On the old image">
      <p>
        {onOldWords(replacement)}{' '}
        {staleServers > 0 && (
          <Link to={paths.usage(at, { image: oldImage.id })}>Show what is to move</Link>
        )}
      </p>
      {farmList.length > 0 && <FarmsOnOldTable farms={farmList} onPage />}
      {farmList.length < farmsOnOldImage && farmList.length > 0 && (
        <p className="small dim">
          {farmList.length} of {farmsOnOldImage} farms are shown.
        </p>
      )}
    </DetailSection>
  );
}

const roleColumns: readonly Column<RoleRow>[] = [
  {
    id: 'name',
    header: 'Role',
    isName: true,
    cell: (role) => <Link to={paths.role(scopeOfPlace(role), role.id)}>{role.name}</Link>,
  },
  { id: 'scope', header: 'Scope', cell: (role) => <PlaceBadge place={role} /> },
  {
    id: 'now',
    header: 'Now',
    cell: (role) =>
      role.now === 'otherImage' && role.currentImage !== null ? (
        <>
          has{' '}
          <Link to={paths.image(scopeOfPlace(role), role.currentImage.id)}>
            {role.currentImage.name}
          </Link>
        </>
      ) : (
        nowWords[role.now]
      ),
  },
];

const rowKey = (role: RoleRow) => String(role.id);
const rowLabel = (role: RoleRow) => role.name;
