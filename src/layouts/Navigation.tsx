import { VisuallyHidden } from '@mantine/core';
import {
  IconChartBar,
  IconCloud,
  IconClock,
  IconDeviceDesktop,
  IconHistory,
  IconReplace,
  IconServer2,
  IconStack2,
  IconTransfer,
  IconUser,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { NavLink } from 'react-router';

import { formatCount } from '../util/format.ts';
import { paths, sections } from '../util/paths.ts';
import type { PathScope, Section } from '../util/paths.ts';

import classes from './Navigation.module.css';

/** A number beside a page's name; `meaning` completes it for a screen reader. */
export interface NavigationCount {
  value: number;
  capped?: boolean;
  /** `farms on old images`. */
  meaning: string;
  /** Something to act on, so it stands out. */
  attention?: boolean;
}

interface NavigationProps {
  scope: PathScope;
  counts: Partial<Record<Section, NavigationCount>>;
  onNavigate?: () => void;
}

const looks: Record<Section, { label: string; icon: ComponentType<{ size: number }> }> = {
  images: { label: 'Images', icon: IconDeviceDesktop },
  roles: { label: 'Roles', icon: IconStack2 },
  farms: { label: 'Farms', icon: IconServer2 },
  usage: { label: 'Usage', icon: IconChartBar },
  replacements: { label: 'Replacements', icon: IconReplace },
  rollouts: { label: 'Rollouts', icon: IconTransfer },
  policies: { label: 'Policies', icon: IconClock },
  activity: { label: 'Activity', icon: IconHistory },
  clouds: { label: 'Clouds', icon: IconCloud },
  people: { label: 'People', icon: IconUser },
};

/** The pages of a scope, with the counts that matter. */
export function Navigation({ scope, counts, onNavigate }: NavigationProps) {
  return (
    <nav aria-label="Main">
      <ul className={classes['list']}>
        {sections.map((section) => {
          const { label, icon: Icon } = looks[section];
          const count = counts[section];
          return (
            <li key={section}>
              <NavLink
                className={classes['link'] ?? ''}
                to={paths.section(scope, section)}
                onClick={onNavigate}
              >
                <Icon size={16} aria-hidden />
                {label}
                {count !== undefined && (
                  <span
                    className={`${classes['count']} ${count.attention === true ? classes['attention'] : ''}`}
                  >
                    {formatCount(count.value, count.capped)}
                    <VisuallyHidden> {count.meaning}</VisuallyHidden>
                  </span>
                )}
              </NavLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
