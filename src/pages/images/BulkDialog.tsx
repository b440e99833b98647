import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Image } from '#contract/images/images.ts';

import type { Outcome } from '../../api/each.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import type { Changes } from '../../components/as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { Notice } from '../../components/Notice.tsx';
import type { BulkAction } from '../../components/objects/object-actions.tsx';
import { errorFacts } from '../../util/errors.ts';
import { formatQuantity } from '../../util/format.ts';

import classes from './BulkDialog.module.css';

interface BulkDialogProps {
  action: BulkAction<Image>;
  /** What will be changed. */
  possible: readonly Image[];
  /** What stays, and why. */
  others: readonly { image: Image; reason: string }[];
  changes: Changes;
  run: () => Promise<unknown>;
  outcomes: ReadonlyMap<string, Outcome>;
  isRunning: boolean;
  /** `isDone` once it has run. */
  onClose: (isDone: boolean) => void;
}

/** `fcos-44-1 on EC2 us-east-1`: images of a set have the same name. */
function placed(image: Image): string {
  const place = [image.cloudLocation, image.architecture].filter((part) => part !== '').join(', ');
  return `${image.name} (${place})`;
}

function OutcomeWords({ outcome, done }: { outcome: Outcome | undefined; done: string }) {
  if (outcome === undefined) return null;
  if (outcome.state === 'running') return <Loader size={14} aria-label="under way" />;
  if (outcome.state === 'failed') {
    return (
      <span className={classes['failed']}>
        <IconAlertTriangle size={14} aria-hidden /> {errorFacts(outcome.error).message}
      </span>
    );
  }
  return (
    <span className={classes['done']}>
      <IconCheck size={14} aria-hidden /> {done}
    </span>
  );
}

/** Asks before changing many images, and then says of each what became of it. */
export function BulkDialog(props: BulkDialogProps) {
  const { action, possible, others, run, isRunning, onClose } = props;
  const { label: verb, bulk } = action;
  const [isStarted, setIsStarted] = useState(false);
  const outcomes = isStarted ? props.outcomes : new Map<string, Outcome>();
  const states = [...outcomes.values()].map((outcome) => outcome.state);
  const done = states.filter((state) => state === 'done').length;
  const failed = states.filter((state) => state === 'failed').length;
  const isDone = isStarted && !isRunning && done + failed === possible.length;
  const label = `${verb} ${formatQuantity(possible.length, 'image')}`;
  const start = () => {
    setIsStarted(true);
    void run();
  };
  return (
    <Dialog title={`${label}?`} size="md" onClose={() => onClose(isDone)}>
      <DialogBody>
        {!isStarted && <p>{bulk.meaning}</p>}
        <output>
          {isDone &&
            `${formatQuantity(done, 'image')} ${bulk.done}.${failed === 0 ? '' : ` ${failed} could not be.`}`}
          {isStarted && !isDone && `${done + failed} of ${possible.length} …`}
        </output>
        <ul className={classes['list']} aria-label={`${verb} these`}>
          {possible.map((image) => (
            <li key={image.id}>
              {placed(image)} <OutcomeWords outcome={outcomes.get(image.id)} done={bulk.done} />
            </li>
          ))}
        </ul>
        <Others others={others} done={bulk.done} />
        <DialogActions changes={isStarted ? noChanges : props.changes}>
          <Buttons
            {...{ label, isStarted, isDone, onClose }}
            danger={action.danger ?? false}
            onStart={start}
          />
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}

/** The selected ones that stay as they are. */
function Others({ others, done }: Pick<BulkDialogProps, 'others'> & { done: string }) {
  if (others.length === 0) return null;
  return (
    <Notice tone="warning">
      <p>
        {formatQuantity(others.length, 'selected image')} cannot be {done}:
      </p>
      <ul>
        {others.map(({ image, reason }) => (
          <li key={image.id}>
            {placed(image)}: {reason}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

interface ButtonsProps {
  label: string;
  danger: boolean;
  isStarted: boolean;
  isDone: boolean;
  onStart: () => void;
  onClose: (isDone: boolean) => void;
}

function Buttons({ label, danger, isStarted, isDone, onStart, onClose }: ButtonsProps) {
  if (isDone) {
    return (
      <ActionButton variant="filled" onClick={() => onClose(true)}>
        Close
      </ActionButton>
    );
  }
  return (
    <>
      <ActionButton onClick={() => onClose(false)} startsFocused={danger}>
        {isStarted ? 'Hide' : 'Cancel'}
      </ActionButton>
      <ActionButton
        variant="filled"
        danger={danger}
        pending={isStarted}
        onClick={onStart}
        startsFocused={!danger}
      >
        {label}
      </ActionButton>
    </>
  );
}
