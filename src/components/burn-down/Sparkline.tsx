import { VisuallyHidden } from '@mantine/core';
import type { BurnDownPoint } from '#contract/farms/burn-down-points.ts';

import { formatCount } from '../../util/format.ts';

import classes from './BurnDown.module.css';
import { drawing, stepPath } from './steps.ts';

/** A small burn-down beside the count that it leads to, told in words to who does not see it. */
export function Sparkline({ points }: { points: readonly BurnDownPoint[] }) {
  const counts = points.map(({ servers }) => servers);
  const most = Math.max(...counts, 0);
  if (most === 0) return <span className="dim">–</span>;
  return (
    <>
      <VisuallyHidden>
        From at most {formatCount(most)} to {formatCount(counts.at(-1) ?? 0)}
      </VisuallyHidden>
      <svg
        className={classes['spark']}
        viewBox={`0 -4 ${drawing.width} ${drawing.height + 8}`}
        preserveAspectRatio="none"
        aria-hidden
      >
        <path className={classes['line']} d={stepPath(points, counts, most)} />
      </svg>
    </>
  );
}
