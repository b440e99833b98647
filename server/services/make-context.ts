import type { Warning } from '#contract/envelope.ts';
import { ApiError } from '#contract/errors.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { PasskeySite } from '../domain/people/passkeys.ts';
import type { SecretBox } from '../auth/secret-box.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';
import { mayAct, type Principal, principalName } from '../domain/rights.ts';
import { defaultLimits, type SessionLimits } from '../domain/sign-in/sessions.ts';
import { demandFresh } from './confirmation.ts';
import type { Channels, Clouds, Context, ImageSight, Prepared, Tx } from './context.ts';
import type { LogEntry } from './log-entry.ts';
import { demandPlan, demandSame } from './plan-digest.ts';

/** What a service leaves behind for the unit of work. */
export interface Work {
  warnings: Warning[];
  records: LogEntry[];
  /** A version was compared with the one that If-Match names. */
  versionCompared?: boolean;
}

/** Nothing was set up. */
const noChannels: Channels = { mail: false, webhook: false, address: '' };
const noClouds: Clouds = { allowsPrivate: false };

const linksAlone: SignInWays = {
  password: false,
  passkey: false,
  passkeyDemanded: false,
  mail: false,
  provider: null,
};

/** What a context is made of. */
interface Parts {
  tx: Tx;
  principal: Principal;
  scope: ScopeRef;
  now: Date;
  revision: string;
  requestId: string;
  origin: string;
  credential: string;
  credentialOf?: number | undefined;
  confirmedAt?: Date | undefined;
  userAgent?: string | undefined;
  sessions?: SessionLimits | undefined;
  secrets?: SecretBox | undefined;
  channels?: Channels | undefined;
  ways?: SignInWays | undefined;
  site?: PasskeySite | undefined;
  prepared?: Prepared | undefined;
  clouds?: Clouds | undefined;
  sight?: ImageSight | undefined;
  ifMatch?: number | undefined;
  planDigest?: string | undefined;
  work: Work;
}

/** Puts together what a service may touch. */
export function makeContext(parts: Parts): Context {
  const { principal, now, sessions = defaultLimits, ways = linksAlone, work } = parts;
  return {
    tx: parts.tx,
    principal,
    actor: principalName(principal),
    now,
    scope: parts.scope,
    revision: parts.revision,
    requestId: parts.requestId,
    origin: parts.origin,
    credential: parts.credential,
    credentialOf: parts.credentialOf,
    userAgent: parts.userAgent ?? '',
    sessions,
    secrets: parts.secrets,
    channels: parts.channels ?? noChannels,
    clouds: parts.clouds ?? noClouds,
    sight: parts.sight,
    ways,
    site: parts.site,
    prepared: parts.prepared ?? {},
    can: (permission, at) => mayAct(principal, permission, at),
    demandConfirmed: (why) => demandFresh(parts.confirmedAt, now, sessions, why, ways),
    ...expectationsOf(parts),
    warn: (warning) => work.warnings.push(warning),
    record: (entry) => work.records.push(entry),
  };
}

/** What the client said that it had seen. */
function expectationsOf({
  ifMatch,
  planDigest,
  work,
}: Parts): Pick<Context, 'expectVersion' | 'expectPlan'> {
  return {
    expectVersion: (version) => {
      work.versionCompared = true;
      if (ifMatch !== undefined && ifMatch !== version)
        throw new ApiError(
          'PreconditionFailed',
          'This was changed by someone else in the meantime. Reload it, look at what changed, and try again.',
        );
    },
    expectPlan: async (items, kept) => {
      if (planDigest !== undefined) demandPlan(planDigest, await items());
      else if (kept) demandSame(kept, await items());
    },
  };
}
