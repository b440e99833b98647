import { fcosName } from './images.ts';
import { stable } from './images-fcos.ts';
import type { ScopeName } from './organisation.ts';

const [current, previous, third, fourth, fifth, lastOf43] = [
  stable.current,
  stable.previous,
  stable.third,
  stable.fourth,
  stable.fifth,
  stable.lastOf43,
].map(fcosName) as [string, string, string, string, string, string];

/** "In every role in reach that uses this version, put that one": in all places and architectures at once. */
export interface ReplacementSpec {
  scope: ScopeName;
  from: string;
  to: string;
  daysAgo: number;
  reason: string;
  /** Also mark the old image as deprecated. */
  deprecate?: boolean;
  /** Taken back this many days ago. */
  rolledBackDaysAgo?: number;
}

/** What happened so far, oldest first. */
export const replacements: ReplacementSpec[] = [
  corporate(lastOf43, fifth, 70, 'Fedora 44 rebase.'),
  {
    scope: 'payments',
    from: 'fcos-43-20260331-3-1',
    to: 'fcos-43-20260413-3-1',
    daysAgo: 60,
    reason: 'Last certified release of Fedora 43.',
    deprecate: true,
  },
  corporate(fifth, fourth, 54, 'Regular update.'),
  corporate(fourth, third, 41, 'Kernel fix.'),
  { scope: 'payments', from: fourth, to: third, daysAgo: 38, reason: 'Kernel fix.' },
  corporate(third, previous, 28, 'OpenSSH fix: do not start servers on the old release.'),
  { scope: 'storefront', from: third, to: previous, daysAgo: 25, reason: 'OpenSSH fix.' },
  { scope: 'analytics', from: third, to: previous, daysAgo: 20, reason: 'OpenSSH fix.' },
  {
    scope: 'corporate',
    from: 'postgresql-16-4',
    to: 'postgresql-16-6',
    daysAgo: 18,
    reason: 'PostgreSQL 16.6 closes a security hole.',
    deprecate: true,
  },
  corporate(previous, current, 12, 'Regular update.'),
  { scope: 'storefront', from: previous, to: current, daysAgo: 11, reason: 'Regular update.' },
  {
    scope: 'storefront',
    from: current,
    to: 'fcos-44-20260707-2-1',
    daysAgo: 9.5,
    reason: 'Early move to the testing release for its network driver.',
    rolledBackDaysAgo: 8.5,
  },
  {
    scope: 'analytics',
    from: 'fcos-44-20260621-2-1',
    to: 'fcos-44-20260707-2-1',
    daysAgo: 8,
    reason: 'Regular update.',
    deprecate: true,
  },
];

function corporate(from: string, to: string, daysAgo: number, reason: string): ReplacementSpec {
  return { scope: 'corporate', from, to, daysAgo, reason, deprecate: true };
}

/** Deprecations that no replacement brought along. `successor` is an image visible to the same scope. */
export const deprecatedImages: {
  scope: ScopeName;
  name: string;
  daysAgo: number;
  reason: string;
  successor: string;
}[] = [
  {
    scope: 'storefront/production-eu',
    name: 'fcos-43-20260316-3-1',
    daysAgo: 45,
    reason: 'Fedora 43 gets no more updates.',
    successor: current,
  },
  {
    scope: 'payments/production',
    name: 'fcos-43-20260301-3-1',
    daysAgo: 40,
    reason: 'Use the certified release of the account.',
    successor: 'fcos-43-20260413-3-1',
  },
];

export const deprecatedRoles: {
  name: string;
  daysAgo: number;
  reason: string;
  successor: string;
}[] = [
  {
    name: 'promo-service',
    daysAgo: 20,
    reason: 'Rewritten: the second edition reads the same vouchers.',
    successor: 'promo-service-2',
  },
  {
    name: 'memcached-1-6',
    daysAgo: 33,
    reason: 'Redis is the one cache we run.',
    successor: 'redis-7-4',
  },
];

/** Deleted from Slipway once nothing used it; servers and history still name it. */
export const deletedImages = { scope: 'corporate', name: lastOf43, daysAgo: 50 };

/** Its deletion from the cloud was asked for, and the cloud asked to come back later. */
export const imageBeingDeleted = {
  scope: 'payments/test',
  name: 'fcos-44-20260621-1-1',
  askedDaysAgo: 0.05,
  nextAttemptInHours: 6,
  attempts: 3,
  error: 'EC2 asked to retry later: RequestLimitExceeded for DeregisterImage in us-east-1.',
};

/** Its deletion from the cloud failed for good. */
export const failedImage = {
  scope: 'storefront/staging',
  name: 'nginx-1-27-snapshot',
  error:
    'EC2 refused to deregister the image: a launch template outside Slipway still refers to it. Remove that reference, then delete again.',
};
