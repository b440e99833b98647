import { useId } from 'react';
import type { ReactNode } from 'react';

import { keepToastsAbove } from '../util/keep-toasts-above.ts';

import classes from './DetailLayout.module.css';

interface DetailLayoutProps {
  /** What it is: DetailSections of facts. */
  facts: ReactNode;
  /** Where it is used: DetailSections of tables and lists. */
  children: ReactNode;
  /** What is too wide to stand beside the facts. */
  below?: ReactNode;
  /** Buttons at the bottom right that never scroll out of reach; the primary one last. */
  actions?: ReactNode;
}

/** An object's page under its header: facts at the left, where it is used at the right. */
export function DetailLayout({ facts, children, below, actions }: DetailLayoutProps) {
  return (
    <>
      <div className={classes['columns']}>
        <div>{facts}</div>
        <div>{children}</div>
      </div>
      {below}
      {actions !== undefined && <ActionSection>{actions}</ActionSection>}
    </>
  );
}

/** Buttons at the bottom right that never scroll out of reach; the primary one last. */
export function ActionSection({ children }: { children: ReactNode }) {
  return (
    <section ref={keepToastsAbove} className={classes['actions']} aria-label="Actions" data-bottom>
      {children}
    </section>
  );
}

/** A part of a page with a heading of its own. */
export function DetailSection({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes['section']} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
