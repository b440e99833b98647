import type { ImageSetAct } from '#contract/image-sets/image-set-acts.ts';

import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';

import { countResults } from './set-plan.ts';
import { SetResults } from './SetPlan.tsx';

/** `6 images are deprecated, and 2 were left out.` */
export function doneWords({ results }: ImageSetAct, done: string): string {
  const counts = countResults(results);
  const what = `${formatQuantity(counts.done, 'image')} ${counts.done === 1 ? 'is' : 'are'} ${done}`;
  if (counts.skipped === 0) return `${what}.`;
  return `${what}, and ${counts.skipped} ${counts.skipped === 1 ? 'was' : 'were'} left out.`;
}

interface SetAnswerProps {
  at: PathScope;
  answer: ImageSetAct;
  done: string;
  onClose: () => void;
}

/** What became of each image, where that differs. */
export function SetAnswer({ at, answer, done, onClose }: SetAnswerProps) {
  const words = doneWords(answer, done);
  return (
    <Dialog title={words.slice(0, -1)} size="md" onClose={onClose}>
      <DialogBody>
        <output>{words}</output>
        <SetResults at={at} results={answer.results} done={done} />
        <DialogActions changes={noChanges}>
          <ActionButton variant="filled" startsFocused onClick={onClose}>
            Close
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
