import { useShortcutsEnabled } from '../../hooks/use-shortcuts.ts';

import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import classes from './KeyboardHelp.module.css';
import { Keys } from './Keys.tsx';

const shortcuts: [keys: string, effect: string][] = [
  ['Ctrl+K', 'Search and commands (⌘K on a Mac)'],
  ['/', 'Search this page'],
  ['g i', 'Go to Images'],
  ['g r', 'Go to Roles'],
  ['g f', 'Go to Farms'],
  ['g u', 'Go to Usage'],
  ['g p', 'Go to Replacements and plans'],
  ['↓ ↑', 'Next or previous row of a table'],
  ['→ ←', 'Next or previous thing in the row'],
  ['.', 'Actions for the row (or Shift+F10)'],
  ['Space', 'Select the row'],
  ['Enter', 'Open the row'],
  ['Esc', 'Close what is open'],
  ['?', 'This list'],
];

/** Every keyboard shortcut; opened by `?`. */
export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const [enabled, setEnabled] = useShortcutsEnabled();
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <DialogBody>
        <dl className={classes['keys']}>
          {shortcuts.map(([keys, effect]) => (
            <KeyEntry key={keys} keys={keys} effect={effect} />
          ))}
        </dl>
        <DialogActions changes={noChanges}>
          <ActionButton onClick={() => setEnabled(!enabled)}>
            {enabled ? 'Switch single-key shortcuts off' : 'Switch single-key shortcuts on'}
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}

function KeyEntry({ keys, effect }: { keys: string; effect: string }) {
  return (
    <>
      <dt>
        <Keys keys={keys} />
      </dt>
      <dd>{effect}</dd>
    </>
  );
}
