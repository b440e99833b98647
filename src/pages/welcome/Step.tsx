import { VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

import classes from './WelcomePage.module.css';

interface StepProps {
  number: number;
  title: string;
  state: 'done' | 'now' | 'later';
  /** What came of it. */
  done: string;
  /** What it is for, and the form; shown while it is this step's turn. */
  children: ReactNode;
}

/** The turn has come: the focus, which went with the step before, goes to its field or link. */
function useFocusOnTurn(state: StepProps['state']) {
  const item = useRef<HTMLLIElement>(null);
  const before = useRef(state);
  useEffect(() => {
    const hasTurned = before.current === 'later' && state === 'now';
    before.current = state;
    if (hasTurned && document.activeElement?.matches('body, main') === true) {
      item.current?.querySelector<HTMLElement>('input, a')?.focus();
    }
  }, [state]);
  return item;
}

/** One of the first steps. */
export function Step({ number, title, state, done, children }: StepProps) {
  const item = useFocusOnTurn(state);
  return (
    <li
      ref={item}
      className={`${classes['step']} ${classes[state]}`}
      aria-current={state === 'now' ? 'step' : undefined}
    >
      <span className={classes['mark']} aria-hidden>
        {state === 'done' ? <IconCheck size={16} /> : number}
      </span>
      <div className={classes['stepBody']}>
        <h2>
          {title}
          {state === 'done' && <VisuallyHidden>: done</VisuallyHidden>}
        </h2>
        {state === 'done' && <div className="dim">{done}</div>}
        {state === 'now' && children}
      </div>
    </li>
  );
}
