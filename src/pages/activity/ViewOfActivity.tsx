import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { scopeQuery } from '../../api/scopes.ts';
import { sessionQuery } from '../../api/session.ts';
import { ViewSwitch } from '../../components/lists/ViewSwitch.tsx';
import { grantAt } from '../../util/grants.ts';
import type { PathScope } from '../../util/paths.ts';

interface ViewOfActivityProps {
  at: PathScope;
  view: 'changes' | 'denied';
  onChange: (view: string) => void;
  children?: ReactNode;
}

const views = [
  { value: 'changes', label: 'Changes' },
  { value: 'denied', label: 'Refused' },
] as const;

/** Switches between what was changed and what was refused, which administrators see. */
export function ViewOfActivity({ at, view, onChange, children }: ViewOfActivityProps) {
  const grants = useQuery(sessionQuery).data?.grants ?? [];
  const place = useQuery(scopeQuery(at)).data;
  const grant = place && grantAt(grants, place);
  if (view === 'changes' && grant?.role !== 'administrator') return children;
  return (
    <ViewSwitch
      label="Show"
      views={views}
      value={view}
      onChange={(next) => onChange(next === 'changes' ? '' : next)}
    >
      {children}
    </ViewSwitch>
  );
}
