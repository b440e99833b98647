import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { PromotionPreview } from '#contract/replacements/promotions.ts';

import type { AnyChange } from '../../api/request.ts';
import type { PathScope } from '../../util/paths.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { blockerLink } from '../blocker-link.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

import { Collisions } from './Collisions.tsx';
import { promoteLabel } from './promote-words.ts';
import { PromotionOutlook } from './PromotionOutlook.tsx';

type Noun = 'image' | 'role' | 'version';

interface PromoteProps<Sent extends AnyChange = AnyChange> {
  at: PathScope;
  noun: Noun;
  object: { id: string | number; name: string };
  /** What the server says it would do; undefined while it is asked. */
  preview: PromotionPreview | undefined;
  previewError: unknown;
  error: unknown;
  pending: boolean;
  /** What promoting changes, as it is sent. */
  change: (merge: boolean) => Sent;
  onPromote: (change: Sent) => void;
  /** Why it cannot be done yet, beyond what the preview says. */
  disabledReason?: string | undefined;
  /** What becomes of each image of a version. */
  children?: ReactNode;
  onClose: () => void;
}

/** Asks before an image or a role moves one scope up: who sees it, what comes along, what collides. */
export function Promote<Sent extends AnyChange>(props: PromoteProps<Sent>) {
  const { at, noun, object, preview, previewError, error, onClose } = props;
  const [merge, setMerge] = useState(false);
  const needsMerge = preview?.collisions.some((collision) => collision.mergeable) === true;
  const change = props.change(merge);
  const isPossible = preview?.allowed === true;
  return (
    <Dialog title={`Promote ${object.name}`} onClose={onClose} size="md">
      <DialogBody>
        {previewError !== null && <ErrorNotice error={previewError} />}
        {preview === undefined && previewError === null && (
          <p className="dim">Working out who will see it…</p>
        )}
        {preview !== undefined && (
          <>
            <PromotionOutlook
              preview={preview}
              isMerge={noun === 'image' && needsMerge}
              hidesImages={noun === 'version'}
            />
            <Collisions {...{ at, noun, object, preview }} />
            {needsMerge && isPossible && (
              <MergeOption noun={noun} isChosen={merge} onChange={setMerge} />
            )}
          </>
        )}
        {props.children}
        {error !== null && error !== undefined && (
          <ErrorNotice error={error} renderBlocker={blockerLink(at)} />
        )}
        <DialogActions changes={isPossible ? [change] : noChanges}>
          <ActionButton onClick={onClose}>Cancel</ActionButton>
          <ActionButton
            variant="filled"
            pending={props.pending || (preview === undefined && previewError === null)}
            startsFocused
            disabledReason={
              reasonAgainstPromoting(preview, needsMerge && !merge) ?? props.disabledReason
            }
            onClick={() => props.onPromote(change)}
          >
            {promoteLabel(noun, preview, needsMerge)}
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}

interface MergeOptionProps {
  noun: Noun;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}

function MergeOption({ noun, isChosen, onChange }: MergeOptionProps) {
  return (
    <Checkbox
      label={
        noun === 'image'
          ? 'Merge it into the image that is there'
          : 'Merge its images into those that are there'
      }
      description="Roles, servers and history go over to the image that is there; the entry down here disappears. This cannot be undone."
      checked={isChosen}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}

function reasonAgainstPromoting(
  preview: PromotionPreview | undefined,
  waitsForMerge: boolean,
): string | undefined {
  if (preview === undefined) return 'It is not known what this would do.';
  if (!preview.allowed) return preview.reason ?? 'This cannot be promoted.';
  return waitsForMerge ? 'It is registered there already. Choose to merge it first.' : undefined;
}
