import { useState } from 'react';
import type { Image } from '#contract/images/images.ts';
import type { Role } from '#contract/roles/roles.ts';

import { useNewVersion } from '../../api/new-version.ts';
import { formatQuantity } from '../../util/format.ts';
import type { NewVersionStep } from '../../util/new-version.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { DialogActions, DialogBody } from '../dialogs/Dialog.tsx';

import { NextToOldPlan } from './NextToOldPlan.tsx';
import type { Choice } from './NextToOldPlan.tsx';
import { Outcome } from './ReplaceResult.tsx';
import { StepList } from './StepList.tsx';

interface NextToOldProps {
  at: PathScope;
  /** The old version. */
  image: Image;
  newImage: Image;
  onBack: () => void;
  onClose: () => void;
}

/** Offers a new version next to the old one: which roles get a successor, and what is deprecated. */
export function NextToOld({ at, image, newImage, onBack, onClose }: NextToOldProps) {
  const work = useNewVersion(at);
  const [choice, setChoice] = useState<Choice>({ deprecateRoles: true, deprecateImage: false });
  const [steps, setSteps] = useState<readonly NewVersionStep[]>();
  const carryOut = (next: readonly NewVersionStep[]) => {
    setSteps(next);
    void work.run(next);
  };
  if (steps === undefined) {
    return (
      <NextToOldPlan
        {...{ at, image, newImage, choice, onBack }}
        isMade={(role: Role) => work.madeRole(`role ${role.id}`) !== undefined}
        onChange={(part) => setChoice((before) => ({ ...before, ...part }))}
        onCarryOut={carryOut}
      />
    );
  }
  const done = steps.filter((step) => work.outcomes.get(step.key)?.state === 'done').length;
  const isDone = done === steps.length && !work.isRunning;
  return (
    <DialogBody>
      <Outcome>
        <p>
          {isDone
            ? `${newImage.name} is offered next to ${image.name} now.`
            : progressWords(done, steps.length, work.isRunning)}
        </p>
      </Outcome>
      <StepList
        steps={steps}
        outcomes={work.outcomes}
        addressOf={({ key }) => {
          const role = work.madeRole(key);
          return role === undefined ? undefined : paths.role(at, role);
        }}
      />
      <ProgressActions
        left={steps.length - done}
        isRunning={work.isRunning}
        onBack={() => setSteps(undefined)}
        onGoOn={() => void work.run(steps)}
        onClose={onClose}
      />
    </DialogBody>
  );
}

function progressWords(done: number, all: number, isRunning: boolean): string {
  if (isRunning) return `${done} of ${formatQuantity(all, 'step')} done…`;
  return `Stopped: ${done} of ${formatQuantity(all, 'step')} done, ${all - done} not. What is done stays.`;
}

interface ProgressActionsProps {
  /** How many steps are not done. */
  left: number;
  isRunning: boolean;
  onBack: () => void;
  onGoOn: () => void;
  onClose: () => void;
}

/** While it runs, nothing; once it has stopped, the ways on; once it is done, Close. */
function ProgressActions({ left, isRunning, onBack, onGoOn, onClose }: ProgressActionsProps) {
  return (
    <DialogActions changes={noChanges}>
      {isRunning && <ActionButton pending>Carrying out the plan</ActionButton>}
      {!isRunning && left > 0 && (
        <>
          <ActionButton onClick={onClose}>Leave it as it is</ActionButton>
          <ActionButton onClick={onBack}>Back to the plan</ActionButton>
          <ActionButton variant="filled" onClick={onGoOn}>
            {`Try the other ${formatQuantity(left, 'step')} again`}
          </ActionButton>
        </>
      )}
      {!isRunning && left === 0 && (
        <ActionButton variant="filled" onClick={onClose}>
          Close
        </ActionButton>
      )}
    </DialogActions>
  );
}
