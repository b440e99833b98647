import { useId, useState } from 'react';
import type { PointerEvent } from 'react';
import type { Data } from '#contract/operations.ts';

import { formatCount, formatExactTime, formatQuantity } from '../../util/format.ts';

import classes from './BurnDown.module.css';
import { dayWords } from './burn-down-words.ts';
import { drawing, scaleTop, shareOf, stepPath } from './steps.ts';

type BurnDown = Pick<Data<'usageBurnDown'>, 'points' | 'lines'>;

/** What is drawn: the lines of a split, or all as one. */
function linesOf({ points, lines }: BurnDown) {
  return lines.length > 0
    ? lines
    : [{ id: '', name: 'Servers on old images', servers: points.map(({ servers }) => servers) }];
}

/**
 * A burn-down as a drawing, with one moment of it read out: the pointer chooses it, or the slider below by the
 * arrow keys. It starts at the last.
 */
export function Chart({ points, lines }: BurnDown) {
  const [chosen, setChosen] = useState<number>();
  const last = points.length - 1;
  const index = Math.min(chosen ?? last, last);
  const point = points[index];
  const drawn = linesOf({ points, lines });
  const id = useId();
  if (point === undefined) return null;
  const isSplit = lines.length > 0;
  const words = `${formatExactTime(new Date(point.at))}: ${formatQuantity(point.servers, 'server')}`;
  return (
    <figure className={classes['chart']}>
      <Plot points={points} lines={drawn} index={index} onChoose={setChosen} />
      <div className={classes['days']} aria-hidden>
        <span>{dayWords(points[0]?.at ?? point.at)}</span>
        <span>{dayWords(points[last]?.at ?? point.at)}</span>
      </div>
      <input
        type="range"
        className={classes['slider']}
        aria-label="Moment"
        aria-valuetext={words}
        aria-describedby={isSplit ? id : undefined}
        min={0}
        max={last}
        value={index}
        onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}
      />
      <figcaption className={classes['caption']}>
        <span className="small">{words}</span>
        {isSplit && (
          <ul id={id} className={classes['legend']}>
            {drawn.map(({ name, servers }, n) => (
              <li key={name}>
                <svg className={classes['key']} viewBox="0 0 24 8" aria-hidden>
                  <path className={lineClass(n)} d="M0 4H24" />
                </svg>
                {name} <strong>{formatCount(servers[index] ?? 0)}</strong>
              </li>
            ))}
          </ul>
        )}
      </figcaption>
    </figure>
  );
}

const lineClass = (n: number) => `${classes['line']} ${classes[`line${n}`] ?? ''}`;

interface PlotProps {
  points: BurnDown['points'];
  lines: BurnDown['lines'];
  index: number;
  onChoose: (index: number) => void;
}

function Plot({ points, lines, index, onChoose }: PlotProps) {
  const top = scaleTop(Math.max(...lines.flatMap(({ servers }) => servers), 0));
  const choose = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const share = (clientX - left) / width;
    const n = points.findLastIndex(({ at }) => shareOf(points, at) <= share);
    onChoose(Math.max(0, n));
  };
  const x = shareOf(points, points[index]?.at ?? '') * drawing.width;
  const [only, ...others] = lines;
  const { width, height } = drawing;
  return (
    <div className={classes['plot']}>
      <div className={classes['scale']} aria-hidden>
        <span>{formatCount(top)}</span>
        <span>0</span>
      </div>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        aria-hidden
        onPointerMove={choose}
        onPointerDown={choose}
      >
        <path
          className={classes['grid']}
          d={`M0 0H${width}M0 ${height / 2}H${width}M0 ${height}H${width}`}
        />
        {only !== undefined && others.length === 0 && (
          <path
            className={classes['area']}
            d={`${stepPath(points, only.servers, top)}V${height}H0Z`}
          />
        )}
        {lines.map(({ id, servers }, n) => (
          <path key={id} className={lineClass(n)} d={stepPath(points, servers, top)} />
        ))}
        <path className={classes['cursor']} d={`M${x} 0V${height}`} />
      </svg>
    </div>
  );
}
