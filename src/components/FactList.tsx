import type { ReactNode } from 'react';

import classes from './FactList.module.css';

export interface Fact {
  label: string;
  value: ReactNode;
}

/** What an object is, as terms and values. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes['facts']}>
      {facts.map((fact) => (
        <FactEntry key={fact.label} fact={fact} />
      ))}
    </dl>
  );
}

function FactEntry({ fact }: { fact: Fact }) {
  return (
    <>
      <dt>{fact.label}</dt>
      <dd>{fact.value}</dd>
    </>
  );
}
