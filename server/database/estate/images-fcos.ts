import type { Architecture, Place } from './fcos-images.ts';
import type { ScopeName } from './organisation.ts';

/** One Fedora CoreOS release, registered at a scope in some places: twins of each other. */
interface FcosSet {
  scope: ScopeName;
  release: string;
  architecture: Architecture;
  places: Place[];
  /** Registered this long ago, where that differs from "with its release". */
  daysAgo?: number;
}

/** The twelve places of the estate. */
const everywhere: Place[] = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-west-1',
  'eu-central-1',
  'eu-north-1',
  'ap-southeast-1',
  'ap-northeast-1',
  'gce',
];

const armPlaces: Place[] = [
  'us-east-1',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-southeast-1',
  'gce',
];

/** Stable releases at Corporate, by their place in the succession: 0 is the newest. */
export const stable = {
  newest: '44.20260707.3.1',
  current: '44.20260621.3.1',
  previous: '44.20260607.3.1',
  third: '44.20260523.3.1',
  fourth: '44.20260510.3.1',
  fifth: '44.20260419.3.1',
  lastOf43: '43.20260413.3.2',
} as const;

const storefrontPlaces = [
  'us-east-1',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ca-central-1',
  'gce',
];
const paymentsPlaces = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1', 'eu-central-1', 'gce'];
const analyticsPlaces = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-southeast-1', 'gce'];

const x86 = (scope: ScopeName, release: string, places: Place[], daysAgo?: number): FcosSet => ({
  scope,
  release,
  architecture: 'x86_64',
  places,
  ...(daysAgo === undefined ? {} : { daysAgo }),
});
const arm = (scope: ScopeName, release: string, places: Place[]): FcosSet => ({
  scope,
  release,
  architecture: 'aarch64',
  places,
});

const corporate: FcosSet[] = [
  ...Object.values(stable).map((release) => x86('corporate', release, everywhere)),
  ...[stable.newest, stable.current, stable.previous, stable.third, stable.fourth].map((release) =>
    arm('corporate', release, armPlaces),
  ),
];

const selections: FcosSet[] = [
  // Registered after the same release was already in the test environment: promoting that row collides.
  x86('storefront', '44.20260707.2.1', storefrontPlaces, 13),
  x86('storefront', '44.20260621.2.1', storefrontPlaces),
  arm('storefront', '44.20260621.2.1', ['us-east-1', 'eu-west-1', 'gce']),
  x86('payments', '43.20260413.3.1', paymentsPlaces),
  x86('payments', '43.20260331.3.1', paymentsPlaces),
  arm('payments', '43.20260413.3.1', ['us-east-1', 'eu-west-1', 'eu-central-1']),
  x86('analytics', '44.20260707.2.1', analyticsPlaces),
  x86('analytics', '44.20260621.2.1', analyticsPlaces),
  arm('analytics', '44.20260707.2.1', [
    'us-east-1',
    'us-west-2',
    'eu-west-1',
    'ap-southeast-1',
    'gce',
  ]),
  arm('analytics', '44.20260621.2.1', [
    'us-east-1',
    'us-west-2',
    'eu-west-1',
    'ap-southeast-1',
    'gce',
  ]),
];

const underTest: FcosSet[] = [
  x86('storefront/test', '44.20260720.2.1', [...storefrontPlaces, 'us-west-1', 'ap-northeast-1']),
  arm('storefront/test', '44.20260720.2.1', ['us-east-1', 'us-west-2', 'eu-west-1', 'gce']),
  x86('storefront/test', '44.20260720.1.1', [...storefrontPlaces, 'us-west-1', 'ap-northeast-1']),
  x86('storefront/test', '44.20260707.2.1', ['us-east-1']),
  arm('storefront/staging', '44.20260607.2.1', [
    'us-east-1',
    'us-west-2',
    'eu-west-1',
    'eu-central-1',
  ]),
  x86('storefront/staging', '44.20260607.2.1', [
    'us-east-1',
    'us-west-2',
    'eu-west-1',
    'eu-central-1',
  ]),
  x86('storefront/sandbox', '44.20260621.1.1', ['us-east-1', 'eu-west-1', 'gce']),
  x86('storefront/sandbox', '44.20260707.1.1', ['us-east-1', 'eu-west-1', 'gce']),
  arm('storefront/sandbox', '44.20260707.1.1', ['us-east-1', 'eu-west-1']),
  x86('payments/test', '44.20260720.2.1', paymentsPlaces),
  arm('payments/test', '44.20260720.2.1', ['us-east-1', 'eu-west-1', 'gce']),
  x86('payments/test', '44.20260720.1.1', ['us-east-1', 'us-west-2', 'eu-west-1', 'gce']),
  x86('payments/test', '44.20260621.1.1', ['us-east-1']),
  x86('payments/staging', '44.20260707.2.1', paymentsPlaces),
  x86('payments/staging', '44.20260621.2.1', paymentsPlaces),
  x86('analytics/test', '44.20260720.2.1', analyticsPlaces),
  arm('analytics/test', '44.20260720.2.1', armPlaces),
  arm('analytics/test', '44.20260720.1.1', ['us-east-1', 'us-west-2', 'eu-west-1', 'gce']),
  arm('analytics/staging', '44.20260707.1.1', ['us-east-1', 'us-west-2', 'eu-west-1', 'gce']),
  x86('analytics/staging', '44.20260707.1.1', ['us-east-1', 'us-west-2', 'eu-west-1', 'gce']),
];

/** What single environments still keep for themselves. */
const pinned: FcosSet[] = [
  x86('storefront/production-eu', '43.20260316.3.1', ['eu-west-1', 'eu-central-1', 'eu-north-1']),
  x86('payments/production', '43.20260301.3.1', ['us-east-1', 'eu-west-1']),
  x86('payments/disaster-recovery', '43.20260301.3.1', ['us-west-2', 'eu-central-1']),
  x86('analytics/production', '44.20260607.2.1', ['us-east-1', 'eu-west-1', 'gce']),
];

export const fcosSets: FcosSet[] = [...corporate, ...selections, ...underTest, ...pinned];
