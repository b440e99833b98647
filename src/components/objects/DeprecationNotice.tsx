import { Link } from 'react-router';

import { Notice } from '../Notice.tsx';
import { RelativeTime } from '../RelativeTime.tsx';

interface DeprecationNoticeProps<Id> {
  deprecation: {
    at: string;
    by: string;
    reason: string | null;
    replacement: { id: Id; name: string } | null;
    useInstead: { id: Id; name: string } | null;
  } | null;
  /** What it cannot be added to. */
  users: 'roles' | 'farms';
  /** The address of what to use instead. */
  addressOf: (id: Id) => string;
}

/** Why an image or a role is deprecated, and what to use instead; nothing where it is not. */
export function DeprecationNotice<Id>(props: DeprecationNoticeProps<Id>) {
  const { deprecation, users, addressOf } = props;
  if (deprecation === null) return null;
  const { replacement, useInstead } = deprecation;
  return (
    <Notice tone="warning">
      <p>
        Deprecated <RelativeTime at={deprecation.at} /> by {deprecation.by}. It cannot be added to{' '}
        {users}; what runs keeps running.
        {deprecation.reason !== null && ` Reason: ${deprecation.reason}`}
        {useInstead !== null && (
          <>
            {' Use '}
            <Link to={addressOf(useInstead.id)}>{useInstead.name}</Link>
            {' instead.'}
          </>
        )}
        {useInstead === null && replacement !== null && (
          <>
            {' It recommends '}
            <Link to={addressOf(replacement.id)}>{replacement.name}</Link>
            {', which is deprecated too, and nothing is recommended instead.'}
          </>
        )}
      </p>
    </Notice>
  );
}
