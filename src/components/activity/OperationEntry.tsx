import { IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Operation } from '#contract/records/operations.ts';

import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import { PlaceBadge } from '../PlaceBadge.tsx';
import { RelativeTime } from '../RelativeTime.tsx';

import classes from './Activity.module.css';
import { actorWords, traceWords } from './activity-words.ts';
import { ObjectLink } from './ObjectLink.tsx';
import { OperationChanges } from './OperationChanges.tsx';

interface OperationEntryProps {
  at: PathScope;
  operation: Operation;
}

/** One change: who did what with which objects, and on demand what was before and after. */
export function OperationEntry({ at, operation }: OperationEntryProps) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const { counts, objects, reason } = operation;
  return (
    <li className={classes['entry']}>
      <button
        type="button"
        className={classes['toggle']}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        <IconChevronRight size={16} aria-hidden />
        <span>
          <strong>{actorWords(operation.actor)}</strong> {operation.words}
        </span>
      </button>
      <div className={classes['body']}>
        <p className={classes['objects']}>
          {objects.map((object, index) => (
            <span key={`${object.kind} ${object.id}`}>
              <ObjectLink at={at} object={object} />
              {index < objects.length - 1 && ', '}
            </span>
          ))}
          {moreWords(counts, objects.length)}
        </p>
        {reason !== null && <p className={classes['reason']}>“{reason}”</p>}
        <p className="dim small">
          <RelativeTime at={operation.at} /> {traceWords(operation)}
          {isElsewhere(at, operation) && (
            <>
              {' at '}
              <PlaceBadge place={operation} />
            </>
          )}
        </p>
        <div id={id}>{isOpen && <OperationChanges at={at} operationId={operation.id} />}</div>
      </div>
    </li>
  );
}

function moreWords({ objects, hidden }: Operation['counts'], shown: number): string {
  const more = objects - shown;
  const parts = [
    ...(more > 0
      ? [`${shown > 0 ? 'and ' : ''}${formatQuantity(more, shown > 0 ? 'more object' : 'object')}`]
      : []),
    ...(hidden > 0 ? [`${formatQuantity(hidden, 'object')} that you may not see`] : []),
  ];
  return parts.length === 0 ? '' : `${shown > 0 ? ' ' : ''}${parts.join(', and ')}`;
}

function isElsewhere(at: PathScope, { scope, accountId, envId }: Operation): boolean {
  if (scope !== at.scope) return true;
  if (at.scope === 'account') return at.accountId !== accountId;
  return at.scope === 'environment' && at.environmentId !== envId;
}
