import { useQuery } from '@tanstack/react-query';
import type { ObjectChange, OperationDetail } from '#contract/records/operations.ts';

import { operationDetailQuery } from '../../api/operations.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { CopyableId } from '../CopyableId.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

import classes from './Activity.module.css';
import { objectWords, wayBackAddress } from './activity-words.ts';
import { ObjectLink } from './ObjectLink.tsx';
import { differenceLines } from './value-words.ts';

/** What one change did to each object, and how it is taken back. */
export function OperationChanges({ at, operationId }: { at: PathScope; operationId: string }) {
  const { data, error, refetch } = useQuery(operationDetailQuery(at, operationId));
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="dim">Reading what changed…</p>;
  const rest = data.counts.objects - data.changes.length;
  return (
    <div className={classes['changes']}>
      {data.changes.map((change) => (
        <ChangeOfObject key={`${change.kind} ${change.id} ${change.change}`} {...{ at, change }} />
      ))}
      {rest > 0 && <p className="dim">and {formatQuantity(rest, 'more object')}.</p>}
      <div className={classes['foot']}>
        <TakeBack operation={data} />
        <span className="dim small">
          Request <CopyableId id={data.id} />
        </span>
      </div>
    </div>
  );
}

const changeWords = { made: 'new', changed: 'changed', gone: 'gone' } as const;

function ChangeOfObject({ at, change }: { at: PathScope; change: ObjectChange }) {
  const lines = change.differences.flatMap((difference) => differenceLines(difference));
  return (
    <section aria-label={objectWords(change)}>
      <h4 className={classes['object']}>
        <ObjectLink at={at} object={change} />{' '}
        <span className="dim">{changeWords[change.change]}</span>
      </h4>
      {lines.length > 0 && (
        <dl className={classes['difference']}>
          {lines.map(({ label, before, after }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                {before !== undefined && change.change !== 'made' && <del>{before}</del>}
                {before !== undefined &&
                  after !== undefined &&
                  change.change === 'changed' &&
                  ' → '}
                {after !== undefined && change.change !== 'gone' && <ins>{after}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** The way back, or why it is closed; nothing where no operation takes a change back. */
function TakeBack({ operation }: { operation: OperationDetail }) {
  const { wayBack, changes } = operation;
  if (wayBack === null) return null;
  const object = changes.find(({ kind, id }) => kind === wayBack.kind && id === wayBack.id);
  const to = object && wayBackAddress(object, wayBack.operation);
  if (to === undefined) return null;
  if (!wayBack.allowed)
    return (
      <ActionButton disabledReason={wayBack.reason ?? 'This is not possible now.'}>
        {wayBack.label}
      </ActionButton>
    );
  return <ActionButton to={to}>{wayBack.label}</ActionButton>;
}
