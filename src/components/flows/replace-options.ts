import { useState } from 'react';
import { reason as reasonSchema } from '#contract/fields.ts';
import type { PlanWish } from '#contract/replacements/replacement-plans.ts';
import type { Scope } from '#contract/scope.ts';

import { reachChoices } from './flow-names.ts';
import type { Reach } from './flow-names.ts';

/** How far a replacement goes, and what to do with what cannot be replaced. */
export interface ReplaceOptions {
  /** The value of a Reach. */
  reach: string;
  deprecate: boolean;
  skip: boolean;
  allowArchitectureChange: boolean;
  otherRegistrations: boolean;
  reason: string;
}

/** Before anything is chosen; the reach is the first that there is. */
export const usualOptions: Omit<ReplaceOptions, 'reach'> = {
  deprecate: false,
  skip: false,
  allowArchitectureChange: false,
  otherRegistrations: false,
  reason: '',
};

/** The same as a body has it; a reason only where one was typed. */
export function optionsBody(options: ReplaceOptions, reach: Reach) {
  const reason = options.reason.trim();
  return {
    scope: reach.scopes,
    deprecateOldImage: options.deprecate,
    onIncompatible: options.skip ? ('skip' as const) : ('refuse' as const),
    allowArchitectureChange: options.allowArchitectureChange,
    otherRegistrations: options.otherRegistrations,
    ...(reason === '' ? {} : { reason }),
  };
}

function optionsOf(
  wish: PlanWish | undefined,
  reaches: readonly [Reach, ...Reach[]],
): ReplaceOptions {
  const wished = reaches.find(({ scopes }) => scopes.join(',') === wish?.scope?.join(','));
  return {
    reach: (wished ?? reaches[0]).value,
    deprecate: wish?.deprecateOldImage ?? usualOptions.deprecate,
    skip: wish?.onIncompatible === 'skip',
    allowArchitectureChange: wish?.allowArchitectureChange ?? usualOptions.allowArchitectureChange,
    otherRegistrations: wish?.otherRegistrations ?? usualOptions.otherRegistrations,
    reason: wish?.reason ?? usualOptions.reason,
  };
}

/**
 * The options of a plan while somebody chooses them.
 * @param scope where it is made
 * @param wish of the plan that is changed
 */
export function usePlanOptions(scope: Scope, wish?: PlanWish) {
  const reaches = reachChoices(scope);
  const [before] = useState(() => optionsOf(wish, reaches));
  const [options, setOptions] = useState(before);
  const reach = reaches.find(({ value }) => value === options.reach) ?? reaches[0];
  return {
    options,
    reaches,
    change: (part: Partial<ReplaceOptions>) => setOptions((now) => ({ ...now, ...part })),
    isDirty: JSON.stringify(options) !== JSON.stringify(before),
    reasonProblem: reasonSchema.safeParse(options.reason.trim()).error?.issues[0]?.message,
    body: {
      ...optionsBody(options, reach),
      // One that is taken back has to be said.
      ...(wish?.reason === undefined ? {} : { reason: options.reason.trim() }),
    },
  };
}

export type PlanOptionsState = ReturnType<typeof usePlanOptions>;
