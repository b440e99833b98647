import type { ReactNode } from 'react';
import type { Image } from '#contract/images/images.ts';
import type { DemotionPreview } from '#contract/replacements/demotions.ts';

import type { Below } from '../../api/promotions.ts';
import type { AnyChange } from '../../api/request.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import { placeName } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { blockerLink } from '../blocker-link.tsx';
import { CloudLocation } from '../CloudLocation.tsx';
import { ClearableBlockers } from '../dialogs/ClearableBlockers.tsx';
import { FormDialog } from '../dialogs/FormDialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { Notice } from '../Notice.tsx';
import { ObjectSelect } from '../options/ObjectSelect.tsx';
import { accountOptions, environmentOptions } from '../options/sources.ts';
import { PlaceBadge } from '../PlaceBadge.tsx';

import classes from './flows.module.css';

interface DemoteProps<Sent extends AnyChange> {
  at: PathScope;
  noun: 'image' | 'role' | 'version';
  name: string;
  /** The id of the account or environment that it goes to, once one is chosen. */
  target: string | undefined;
  onTarget: (id: string | undefined) => void;
  /** What the server says it would do. */
  plan: { data: DemotionPreview | undefined; error: Error | null; problem: string | undefined };
  operation: { error: Error | null; isPending: boolean; isSuccess: boolean };
  /** Undefined until a target is chosen. */
  change: Sent | undefined;
  onDemote: (change: Sent) => void;
  /** Why it cannot be done yet, where the plan does not say that best. */
  disabledReason?: string | undefined;
  /** What becomes of each image of a version. */
  children?: ReactNode;
  onClose: () => void;
}

/** A target as the body of a demotion names it: an account below Corporate, an environment below an account. */
export function belowOf(at: PathScope, target: string | undefined): Below {
  const id = Number(target ?? 0);
  return at.scope === 'scalr' ? { accountId: id } : { envId: id };
}

/** Moves an object one scope down: where to, what comes along, and what would no longer see it. */
export function Demote<Sent extends AnyChange>(props: DemoteProps<Sent>) {
  const { at, noun, name, target, plan, operation, change } = props;
  const { data } = target === undefined ? { data: undefined } : plan;
  return (
    <FormDialog
      title={`Demote ${name}`}
      submitLabel={data === undefined ? `Demote ${noun}` : `Demote to ${placeName(data.to)}`}
      changes={change && [change]}
      onSubmit={() => change !== undefined && props.onDemote(change)}
      onClose={props.onClose}
      error={operation.error}
      renderBlocker={blockerLink(at)}
      pending={operation.isPending}
      unsaved={isUnsaved(target !== undefined, operation)}
      disabledReason={reasonAgainstDemoting(props)}
    >
      <p>It moves one scope down. Only that scope, and what is below it, will see it.</p>
      <TargetField {...{ at, target }} onTarget={props.onTarget} />
      {target !== undefined && plan.error !== null && <ErrorNotice error={plan.error} />}
      {data !== undefined && (
        <>
          <p>
            From <PlaceBadge place={data.from} /> to <PlaceBadge place={data.to} />. It keeps its
            id, so nothing there that uses it changes.
          </p>
          <Refused {...{ at, plan: data }} />
          {noun === 'role' && <Along images={data.images} />}
          {props.children}
        </>
      )}
    </FormDialog>
  );
}

function reasonAgainstDemoting({
  target,
  plan,
  disabledReason,
}: Pick<DemoteProps<AnyChange>, 'target' | 'plan' | 'disabledReason'>): string | undefined {
  if (target === undefined) return 'Choose where it goes first.';
  if (disabledReason !== undefined) return disabledReason;
  return plan.problem ?? (plan.data && reasonAgainst(plan.data));
}

interface TargetFieldProps {
  at: PathScope;
  target: string | undefined;
  onTarget: (id: string | undefined) => void;
}

function TargetField({ at, target, onTarget }: TargetFieldProps) {
  const isToAccount = at.scope !== 'account';
  const noun = isToAccount ? 'account' : 'environment';
  return (
    <ObjectSelect
      noun={noun}
      label={isToAccount ? 'Account' : 'Environment'}
      placeholder={`Name of an ${noun}`}
      description="Where it goes."
      source={isToAccount ? accountOptions() : environmentOptions(at.accountId)}
      required
      value={target}
      onChange={onTarget}
    />
  );
}

/** Why it cannot go there: everything outside that uses it. */
function Refused({ at, plan }: { at: PathScope; plan: DemotionPreview }) {
  if (plan.allowed) return null;
  return (
    <Notice tone="warning">
      <p>{reasonAgainst(plan)}</p>
      <ClearableBlockers at={at} blockers={plan.blockers} />
    </Notice>
  );
}

function Along({ images }: { images: readonly Image[] }) {
  if (images.length === 0) return null;
  return (
    <section className={classes['section']} aria-label="What comes along">
      <h3>{formatQuantity(images.length, 'image')} along with it</h3>
      <ul className={`${classes['list']} ${classes['scroll']}`}>
        {images.map((image) => (
          <li key={image.id}>
            {image.name}{' '}
            <span className="dim small">
              <CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} /> ·{' '}
              {image.architecture}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
