import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Collision, PromotionPreview } from '#contract/replacements/promotions.ts';

import type { AnyChange } from '../../api/request.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { blockerLink } from '../blocker-link.tsx';
import { CloudLocation } from '../CloudLocation.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { Notice } from '../Notice.tsx';
import { PlaceBadge } from '../PlaceBadge.tsx';
import { ScopeBadge } from '../ScopeBadge.tsx';

import classes from './flows.module.css';
import { promoteLabel, whoSeesIt } from './promote-words.ts';

interface PromoteProps<Sent extends AnyChange = AnyChange> {
  at: PathScope;
  noun: 'image' | 'role';
  object: { id: string | number; name: string };
  /** What the server says it would do; undefined while it is asked. */
  preview: PromotionPreview | undefined;
  previewError: unknown;
  error: unknown;
  pending: boolean;
  /** What promoting changes, as it is sent. */
  change: (merge: boolean) => Sent;
  onPromote: (change: Sent) => void;
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
            <Move preview={preview} isMerge={noun === 'image' && needsMerge} />
            <Along preview={preview} />
            <Collisions {...props} preview={preview} />
            {needsMerge && isPossible && (
              <MergeOption noun={noun} isChosen={merge} onChange={setMerge} />
            )}
          </>
        )}
        {error !== null && error !== undefined && (
          <ErrorNotice error={error} renderBlocker={blockerLink(at)} />
        )}
        <DialogActions changes={isPossible ? [change] : noChanges}>
          <ActionButton onClick={onClose}>Cancel</ActionButton>
          <ActionButton
            variant="filled"
            pending={props.pending || (preview === undefined && previewError === null)}
            startsFocused
            disabledReason={reasonAgainstPromoting(preview, needsMerge && !merge)}
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
  noun: 'image' | 'role';
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

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes['section']} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Move({ preview, isMerge }: { preview: PromotionPreview; isMerge: boolean }) {
  const move = (
    <>
      From <PlaceBadge place={preview.from} /> to <PlaceBadge place={preview.to} />.
    </>
  );
  if (isMerge) return <p>{move}</p>;
  return (
    <>
      <p>{move} It keeps its id, so nothing that uses it changes.</p>
      <Part title="Who will newly see it">
        <p>{whoSeesIt(preview)}</p>
      </Part>
    </>
  );
}

/** The images that a role brings along. */
function Along({ preview }: { preview: PromotionPreview }) {
  const { images } = preview;
  if (images.length === 0) return null;
  return (
    <Part
      title={`${formatQuantity(images.length, 'image')} of its own ${images.length === 1 ? 'comes' : 'come'} along`}
    >
      <ul className={`${classes['list']} ${classes['scroll']}`}>
        {images.map((image) => (
          <li key={image.id}>
            <Link to={paths.image(scopeOfPlace(image), image.id)} target="_blank">
              {image.name}
            </Link>{' '}
            <span className="dim small">
              <CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} /> ·{' '}
              {image.architecture}
              {image.deprecated ? ' · deprecated, and stays so' : ''}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Collisions(
  props: Pick<PromoteProps, 'at' | 'noun' | 'object'> & { preview: PromotionPreview },
) {
  const { at, noun, object, preview } = props;
  const { collisions } = preview;
  if (preview.allowed && collisions.length === 0) return null;
  return (
    <Notice tone="warning">
      {!preview.allowed && <p>{preview.reason ?? 'This cannot be promoted.'}</p>}
      {collisions.length > 0 && (
        <ul>
          {collisions.map((collision) => (
            <li key={`${collision.of.id} ${collision.id}`}>
              <CollisionLine collision={collision} account={preview.to.accountName} />
            </li>
          ))}
        </ul>
      )}
      {noun === 'role' && collisions.some((collision) => collision.type === 'role') && (
        <p>
          <Link to={paths.role(at, object.id, { dialog: 'edit' })}>Rename this role first</Link>
        </p>
      )}
    </Notice>
  );
}

interface CollisionLineProps {
  collision: Collision;
  /** The name of the account, where that is what it goes to. */
  account: string | null;
}

function CollisionLine({ collision, account }: CollisionLineProps) {
  const place = scopeOfPlace(collision);
  const name = collision.scope === 'account' ? (account ?? undefined) : undefined;
  const there = <ScopeBadge scope={collision.scope} name={name} />;
  if (collision.type === 'role') {
    return (
      <>
        The name is taken: {there} has a role{' '}
        <Link to={paths.role(place, collision.id)} target="_blank">
          {collision.name}
        </Link>
        .
      </>
    );
  }
  return (
    <>
      {there} has the same cloud image as {collision.of.name} already, registered as{' '}
      <Link to={paths.image(place, String(collision.id))} target="_blank">
        {collision.name}
      </Link>
      {collision.mergeable ? '. They can be merged.' : '. They cannot be merged.'}
    </>
  );
}
