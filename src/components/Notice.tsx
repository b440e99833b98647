import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import classes from './Notice.module.css';

interface NoticeProps {
  tone?: 'info' | 'warning' | 'danger';
  /** Read out at once: for what appears as the answer to an action. */
  urgent?: boolean;
  children: ReactNode;
}

/** A few sentences that must not be overlooked, where they belong. */
export function Notice({ tone = 'info', urgent = false, children }: NoticeProps) {
  const Icon = tone === 'info' ? IconInfoCircle : IconAlertTriangle;
  return (
    <div className={`${classes['notice']} ${classes[tone]}`} {...(urgent ? { role: 'alert' } : {})}>
      <Icon size={16} aria-hidden />
      <div className={classes['body']}>{children}</div>
    </div>
  );
}
