import type { Warning } from '#contract/envelope.ts';
import { ApiError } from '#contract/errors.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { SecretBox } from '../auth/secret-box.ts';
import { holds, type Principal, principalName } from '../domain/rights.ts';
import type { Channels, Clouds, Context, ImageSight, Tx } from './context.ts';
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

/** Puts together what a service may touch. */
export function makeContext(parts: {
  tx: Tx;
  principal: Principal;
  scope: ScopeRef;
  now: Date;
  revision: string;
  requestId: string;
  credential: string;
  credentialOf?: number | undefined;
  secrets?: SecretBox | undefined;
  channels?: Channels | undefined;
  clouds?: Clouds | undefined;
  sight?: ImageSight | undefined;
  ifMatch?: number | undefined;
  planDigest?: string | undefined;
  work: Work;
}): Context {
  const { principal, ifMatch, planDigest, work } = parts;
  return {
    tx: parts.tx,
    principal,
    actor: principalName(principal),
    now: parts.now,
    scope: parts.scope,
    revision: parts.revision,
    requestId: parts.requestId,
    credential: parts.credential,
    credentialOf: parts.credentialOf,
    secrets: parts.secrets,
    channels: parts.channels ?? noChannels,
    clouds: parts.clouds ?? noClouds,
    sight: parts.sight,
    can: (permission, at) => holds(principal, permission, at),
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
    warn: (warning) => work.warnings.push(warning),
    record: (entry) => work.records.push(entry),
  };
}
