import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { RollBackPart } from '#contract/replacements/replacements.ts';

import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { LazyBurnDown } from '../../components/burn-down/LazyBurnDown.tsx';
import { Dialog } from '../../components/dialogs/Dialog.tsx';
import { Outcome } from '../../components/flows/ReplaceResult.tsx';
import { namesOf } from '../../components/flows/replaced-words.ts';
import { RollBack } from '../../components/flows/RollBack.tsx';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ReplacementState } from '../../components/objects/ReplacementState.tsx';
import { BulkBar } from '../../components/table/BulkBar.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { DetailLayout, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { announce } from '../../util/announce.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { ChangedPairs } from './ChangedPairs.tsx';
import { ChangedRoles } from './ChangedRoles.tsx';
import { onOldImages, startingWords } from './replacement-words.ts';
import { ReplacementFacts } from './ReplacementFacts.tsx';
import { RollBackList } from './RollBackList.tsx';
import { StillOnOld } from './StillOnOld.tsx';
import { useChosenPart } from './use-chosen-part.ts';

const dialogs = ['roll-back', 'roll-back-part'] as const;

const whole: RollBackPart = {};

interface DoneDetailsProps {
  at: PathScope;
  replacement: ReplacementDetail;
  /** It was carried out just now, on this page. */
  isNew: boolean;
}

/** A replacement that was carried out: what changed, what is still on the old images, and the way back. */
export function DoneDetails({ at, replacement, isNew }: DoneDetailsProps) {
  const { dialog, open, close } = useDialog(dialogs);
  const chosen = useChosenPart(replacement);
  const [part, setPart] = useState<RollBackPart>();
  const { rollBack } = replacement;
  return (
    <>
      <DoneHeader at={at} replacement={replacement} />
      {isNew && <JustDone replacement={replacement} />}
      <DetailLayout
        facts={<ReplacementFacts title="What it was" {...{ at, replacement }} />}
        below={
          <>
            <ChangedPairs at={at} replacement={replacement} selection={chosen.places} />
            <ChangedRoles replacement={replacement} selection={chosen.roles} />
            <ObjectActivity at={at} object={`replacement:${replacement.id}`} />
          </>
        }
        actions={
          <ActionButton
            icon={<IconArrowBackUp size={16} aria-hidden />}
            disabledReason={reasonAgainst(rollBack)}
            onClick={() => open('roll-back')}
          >
            Roll back
          </ActionButton>
        }
      >
        <Progress at={at} replacement={replacement} />
        <RollBackList at={at} replacement={replacement} />
      </DetailLayout>
      <ChosenBar
        chosen={chosen}
        reasonAgainst={reasonAgainst(rollBack)}
        onRollBack={() => {
          setPart(chosen.part);
          open('roll-back-part');
        }}
      />
      <RollBackDialog
        at={at}
        replacement={replacement}
        part={dialog === undefined ? undefined : dialog === 'roll-back' ? whole : part}
        onClose={close}
        onDone={chosen.clear}
      />
    </>
  );
}

/** What is still on the old images, and how that went over time. */
function Progress({ at, replacement }: Omit<DoneDetailsProps, 'isNew'>) {
  return (
    <>
      <StillOnOld at={at} replacement={replacement} />
      <DetailSection title="Over time">
        <LazyBurnDown at={at} of={{ replacement: replacement.id }} />
      </DetailSection>
    </>
  );
}

/** What has just happened here, in the place of the button that did it. */
function JustDone({ replacement }: { replacement: ReplacementDetail }) {
  return (
    <Outcome>
      <p>
        Replaced in {formatQuantity(replacement.roles, 'role')}. {onOldImages(replacement)}{' '}
        {startingWords(replacement)}
      </p>
    </Outcome>
  );
}

interface ChosenBarProps {
  chosen: ReturnType<typeof useChosenPart>;
  reasonAgainst: string | undefined;
  onRollBack: () => void;
}

function ChosenBar({ chosen, reasonAgainst: disabledReason, onRollBack }: ChosenBarProps) {
  const label = `Roll back ${chosen.words}`;
  return (
    <BulkBar
      count={chosen.count}
      noun={chosen.noun}
      onClear={chosen.clear}
      actions={[{ id: 'roll-back', label, disabledReason, onSelect: onRollBack }]}
    />
  );
}

function DoneHeader({ at, replacement }: Omit<DoneDetailsProps, 'isNew'>) {
  return (
    <PageHeader
      title={`${namesOf(replacement, 'oldImage')} replaced by ${namesOf(replacement, 'newImage')}`}
      crumbs={[{ label: 'Replacements', to: paths.replacements(at) }]}
      facts={
        <>
          <ReplacementState replacement={replacement} />
          <span>
            {replacement.rollsBack === null ? 'Replaced' : 'Rolled back'}{' '}
            <RelativeTime at={replacement.at} />
            {replacement.rolledBackBy !== null && ', then rolled back'}
          </span>
        </>
      }
    />
  );
}

interface RollBackDialogProps {
  at: PathScope;
  replacement: ReplacementDetail;
  /** Undefined while it is closed. */
  part: RollBackPart | undefined;
  onClose: () => void;
  onDone: () => void;
}

function RollBackDialog({ at, replacement, part, onClose, onDone }: RollBackDialogProps) {
  if (part === undefined) return null;
  return (
    <Dialog title={`Put ${namesOf(replacement, 'oldImage')} back?`} size="md" onClose={onClose}>
      <RollBack
        at={at}
        replacement={replacement}
        part={part}
        onCancel={onClose}
        onDone={(_, message) => {
          announce(message);
          onDone();
          onClose();
        }}
      />
    </Dialog>
  );
}
