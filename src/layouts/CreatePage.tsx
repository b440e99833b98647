import type { ReactNode } from 'react';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';
import { scopeLabel } from '#contract/scope.ts';

import { ActionButton } from '../components/actions/ActionButton.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { PlaceBadge } from '../components/PlaceBadge.tsx';
import { capitalized } from '../util/format.ts';
import { paths } from '../util/paths.ts';
import type { PathScope, Section } from '../util/paths.ts';

import { PageHeader } from './PageHeader.tsx';

interface CreatePageProps {
  at: PathScope;
  scope: ScopeInfo;
  title: string;
  /** The list that it will stand in. */
  section: Section;
  /** What is done here: `register images`. */
  deed: string;
  /** Why this user cannot at this scope. */
  reason: string | undefined;
  /** The form. */
  children: ReactNode;
}

/** The page of a form that makes something new; where that is not possible, why. */
export function CreatePage(props: CreatePageProps) {
  const { at, scope, title, section, deed, reason, children } = props;
  const list = paths.section(at, section);
  return (
    <>
      <PageHeader
        title={title}
        crumbs={[{ label: capitalized(section), to: list }]}
        facts={<PlaceBadge place={scope} />}
      />
      {reason === undefined ? (
        children
      ) : (
        <EmptyState
          title={`You cannot ${deed} at this scope (${scopeLabel[at.scope]})`}
          action={
            <ActionButton variant="filled" to={list}>
              {`Show all ${section}`}
            </ActionButton>
          }
        >
          {reason}
        </EmptyState>
      )}
    </>
  );
}
