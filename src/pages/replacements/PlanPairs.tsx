import { useMemo } from 'react';
import { Link } from 'react-router';
import type { PairedImage } from '#contract/replacements/replacement-members.ts';
import type { StoredPlan } from '#contract/replacements/replacement-plans.ts';

import { useReplanReplacement } from '../../api/replacements.ts';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { Count } from '../../components/Count.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { placeWords } from '../../components/flows/flow-names.ts';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { linesOf, pairsWith } from './plan-pairs.ts';
import type { PlanLine } from './plan-pairs.ts';
import classes from './PlanPage.module.css';

interface PlanPairsProps {
  at: PathScope;
  replacement: ReplacementDetail;
  plan: StoredPlan;
  reasonAgainstChange: string | undefined;
  /** Asks for another new image for an old one. */
  onChoose: (oldImageId: string) => void;
}

/** What can be done with each pair and hole by hand. */
function usePairActions(props: PlanPairsProps) {
  const { at, replacement, reasonAgainstChange: disabledReason, onChoose } = props;
  const replan = useReplanReplacement(at);
  const repair = (line: PlanLine, newImageId: string | null | undefined) =>
    replan.mutate(
      replan.change({
        params: { replacementId: replacement.id },
        ifMatch: replacement.version,
        body: { pairs: pairsWith(replacement.wish, line.oldImage.id, newImageId) },
      }),
    );
  const actions = (line: PlanLine): ActionItem[] => {
    const isHole = line.newImage === undefined;
    const item = (id: string, label: string, onSelect: () => void) => ({
      id,
      label,
      disabledReason,
      onSelect,
    });
    return [
      item('choose', isHole ? 'Choose a new image' : 'Choose another new image', () =>
        onChoose(line.oldImage.id),
      ),
      ...(isHole ? [] : [item('leave-out', 'Leave it out', () => repair(line, null))]),
      ...(line.byHand
        ? [item('by-place', 'Pair it by place again', () => repair(line, undefined))]
        : []),
    ];
  };
  return { actions, error: replan.error };
}

/** What takes the place of what, place by place, with the holes; each can be changed by hand. */
export function PlanPairs(props: PlanPairsProps) {
  const { at, plan, replacement } = props;
  const { actions, error } = usePairActions(props);
  const lines = useMemo(() => linesOf(plan, replacement.wish), [plan, replacement.wish]);
  const columns = useMemo(() => columnsAt(at), [at]);
  return (
    <DetailSection title="Place by place">
      {error !== null && <ErrorNotice error={error} />}
      <DataTable
        label="Place by place"
        columns={columns}
        rows={lines}
        rowKey={rowKey}
        rowLabel={rowLabel}
        actions={actions}
      />
    </DetailSection>
  );
}

const rowKey = ({ oldImage, newImage }: PlanLine) => `${oldImage.id} ${newImage?.id ?? ''}`;
const rowLabel = ({ oldImage }: PlanLine) => placeWords(oldImage);

function imageLink(at: PathScope, image: PairedImage) {
  return <Link to={paths.image(at, image.id)}>{image.name}</Link>;
}

function columnsAt(at: PathScope): readonly Column<PlanLine>[] {
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
    {
      id: 'new',
      header: 'New image',
      cell: ({ newImage, byHand }) =>
        newImage === undefined ? (
          <span className={classes['hole']}>none</span>
        ) : (
          <>
            {imageLink(at, newImage)}
            {byHand && <span className="dim"> by hand</span>}
          </>
        ),
    },
    {
      id: 'roles',
      header: 'Roles',
      align: 'end',
      width: '3.5rem',
      cell: ({ roles }) => <Count value={roles} noun="role" />,
    },
    {
      id: 'outcome',
      header: 'What happens',
      width: '18rem',
      cell: (line) => <span className={classes['wrap']}>{outcomeWords(line)}</span>,
    },
  ];
}

function outcomeWords(line: PlanLine) {
  const { newImage, byHand, kept, reason, roles, skipped, alreadyNew, deprecates } = line;
  if (newImage === undefined) {
    return (
      <>
        {byHand ? 'Left out: ' : 'No new image here: '}
        {kept === 0
          ? 'no role uses the old one'
          : `${formatQuantity(kept, 'role')} keep the old one`}
      </>
    );
  }
  if (reason !== null) return <>Stays. {reason}</>;
  const parts = [
    roles > 0 ? 'Changes' : 'No role changes',
    ...(skipped > 0 ? [`${skipped} cannot`] : []),
    ...(alreadyNew > 0 ? [`${alreadyNew} on the new one already`] : []),
    ...(deprecates ? ['old one deprecated'] : []),
  ];
  return parts.join(', ');
}
