import type { z } from 'zod';

const parts = ['latency', 'boot', 'suspend', 'resume', 'terminate', 'copy', 'exchange'] as const;

/** How long things take in the simulated cloud, in milliseconds; what is left out is as usual. */
export type SimulatedTimes = Partial<Record<`${(typeof parts)[number]}Ms`, number>>;

/** Reads `latency=0,boot=500`, or tells the schema that it cannot. */
export function parseTimes(text: string, ctx: z.RefinementCtx): SimulatedTimes {
  const times: SimulatedTimes = {};
  for (const setting of text.split(',')) {
    const [, name, digits] = /^\s*([a-z]+)=(\d{1,8})\s*$/.exec(setting) ?? [];
    const part = parts.find((one) => one === name);
    if (part === undefined)
      ctx.addIssue(
        `must be milliseconds for some of ${parts.join(', ')}, such as latency=0,boot=500`,
      );
    else times[`${part}Ms`] = Number(digits);
  }
  return times;
}
