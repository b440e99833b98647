import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';

import type { Outcome } from '../../api/each.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import type { Changes } from '../as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { Notice } from '../Notice.tsx';
import type { BulkAction } from './object-actions.tsx';
import { errorFacts } from '../../util/errors.ts';
import { formatQuantity } from '../../util/format.ts';
import { useTypedCount } from '../servers/TypedCount.tsx';

import classes from './BulkDialog.module.css';

/** One of many, by name. */
interface Named {
  id: string;
  name: string;
}

export interface BulkDialogProps {
  action: Pick<BulkAction<never>, 'label' | 'danger'> & {
    bulk: Pick<BulkAction<never>['bulk'], 'done' | 'meaning' | 'endsServers'>;
  };
  /** What they are, in the singular. */
  noun: string;
  /** What will be changed. */
  possible: readonly Named[];
  /** What stays, and why. */
  others: readonly (Named & { reason: string })[];
  changes: Changes;
  run: () => Promise<unknown>;
  outcomes: ReadonlyMap<string, Outcome>;
  isRunning: boolean;
  /** `isDone` once it has run. */
  onClose: (isDone: boolean) => void;
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
  const { action, noun, possible, others, run, isRunning, onClose } = props;
  const { label: verb, bulk } = action;
  const [isStarted, setIsStarted] = useState(false);
  const outcomes = isStarted ? props.outcomes : new Map<string, Outcome>();
  const states = [...outcomes.values()].map((outcome) => outcome.state);
  const done = states.filter((state) => state === 'done').length;
  const failed = states.filter((state) => state === 'failed').length;
  const isDone = isStarted && !isRunning && done + failed === possible.length;
  const label = `${verb} ${formatQuantity(possible.length, noun)}`;
  const typed = useTypedCount(bulk.endsServers === true ? possible.length : 0);
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
            `${formatQuantity(done, noun)} ${bulk.done}.${failed === 0 ? '' : ` ${failed} could not be.`}`}
          {isStarted && !isDone && `${done + failed} of ${possible.length} …`}
        </output>
        <ul className={classes['list']} aria-label={`${verb} these`}>
          {possible.map(({ id, name }) => (
            <li key={id}>
              {name} <OutcomeWords outcome={outcomes.get(id)} done={bulk.done} />
            </li>
          ))}
        </ul>
        <Others {...{ others, noun }} done={bulk.done} />
        {!isStarted && typed.field}
        <DialogActions changes={isStarted ? noChanges : props.changes}>
          <Buttons
            {...{ label, isStarted, isDone, onClose }}
            danger={action.danger ?? false}
            disabledReason={isStarted ? undefined : typed.reason}
            onStart={start}
          />
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}

/** The selected ones that stay as they are. */
function Others({
  others,
  noun,
  done,
}: Pick<BulkDialogProps, 'others' | 'noun'> & { done: string }) {
  if (others.length === 0) return null;
  return (
    <Notice tone="warning">
      <p>
        {formatQuantity(others.length, `selected ${noun}`)} cannot be {done}:
      </p>
      <ul>
        {others.map(({ id, name, reason }) => (
          <li key={id}>
            {name}: {reason}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

interface ButtonsProps {
  label: string;
  danger: boolean;
  /** Why it cannot be started yet. */
  disabledReason: string | undefined;
  isStarted: boolean;
  isDone: boolean;
  onStart: () => void;
  onClose: (isDone: boolean) => void;
}

function Buttons(props: ButtonsProps) {
  const { label, danger, isStarted, isDone, onStart, onClose } = props;
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
        disabledReason={props.disabledReason}
        onClick={onStart}
        startsFocused={!danger}
      >
        {label}
      </ActionButton>
    </>
  );
}
