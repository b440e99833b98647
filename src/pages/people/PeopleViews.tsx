import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';

import { ViewSwitch } from '../../components/lists/ViewSwitch.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

const views = [
  { value: 'people', label: 'People' },
  { value: 'teams', label: 'Teams' },
  { value: 'signIns', label: 'Sign-ins' },
] as const;

interface PeopleViewsProps {
  at: PathScope;
  value: (typeof views)[number]['value'];
  children: ReactNode;
}

/** Between people, their teams and how they sign in. */
export function PeopleViews({ at, value, children }: PeopleViewsProps) {
  const navigate = useNavigate();
  return (
    <ViewSwitch
      label="Show"
      views={views}
      value={value}
      onChange={(view) => void navigate(paths[view](at))}
    >
      {children}
    </ViewSwitch>
  );
}
