import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconCircle, IconCircleCheck } from '@tabler/icons-react';
import { Link } from 'react-router';

import type { Outcome } from '../../api/each.ts';
import type { NewVersionStep } from '../../util/new-version.ts';
import { ErrorNotice } from '../ErrorNotice.tsx';

import classes from './flows.module.css';

interface StepListProps {
  steps: readonly NewVersionStep[];
  /** What became of each so far, by key. */
  outcomes: ReadonlyMap<string, Outcome>;
  /** Where the role is that a step made. */
  addressOf: (step: NewVersionStep) => string | undefined;
}

/** Steps in their order, with what became of each. */
export function StepList({ steps, outcomes, addressOf }: StepListProps) {
  return (
    <ol className={classes['steps']}>
      {steps.map((step) => (
        <StepLine
          key={step.key}
          words={step.words}
          outcome={outcomes.get(step.key)}
          to={addressOf(step)}
        />
      ))}
    </ol>
  );
}

function StepIcon({ state }: { state: Outcome['state'] | undefined }) {
  if (state === 'running') return <Loader size={16} aria-hidden />;
  if (state === 'done') return <IconCircleCheck size={16} aria-hidden />;
  if (state === 'failed') return <IconAlertTriangle size={16} aria-hidden />;
  return <IconCircle size={16} aria-hidden />;
}

const words = { running: 'under way', done: 'done', failed: 'refused' };

interface StepLineProps {
  words: string;
  outcome: Outcome | undefined;
  to: string | undefined;
}

function StepLine({ words: text, outcome, to }: StepLineProps) {
  return (
    <li className={`${classes['step']} ${classes[outcome?.state ?? 'open']}`}>
      <StepIcon state={outcome?.state} />
      <div>
        {to === undefined ? (
          text
        ) : (
          <Link replace to={to}>
            {text}
          </Link>
        )}
        {outcome !== undefined && <span className="dim"> · {words[outcome.state]}</span>}
        {outcome?.state === 'failed' && <ErrorNotice error={outcome.error} />}
      </div>
    </li>
  );
}
