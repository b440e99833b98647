import { tip } from '../tip.ts';

/** Beside what something else runs: Slipway counts it, and does not change it. */
export function ObservedMark() {
  return (
    <span
      className="dim small"
      {...tip('Something else runs it: Slipway counts it, and does not change it.')}
    >
      {' '}
      observed
    </span>
  );
}
