import type { Data } from '#contract/operations.ts';

import { formatCount, formatExactTime } from '../../util/format.ts';

import classes from './BurnDown.module.css';

type BurnDown = Pick<Data<'usageBurnDown'>, 'points' | 'lines'>;

/** The same as the drawing, as a table: a row for each moment, the latest first. */
export function PointTable({ points, lines }: BurnDown) {
  const rows = points.map((point, n) => ({ ...point, n })).toReversed();
  return (
    // What scrolls can be scrolled by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['frame']} tabIndex={0}>
      <table className={classes['table']} aria-label="Servers on old images over time">
        <thead>
          <tr>
            <th scope="col">Counted</th>
            <th scope="col">Servers</th>
            {lines.map(({ id, name }) => (
              <th key={id} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, servers, n }) => (
            <tr key={at}>
              <th scope="row">{formatExactTime(new Date(at))}</th>
              <td>{formatCount(servers)}</td>
              {lines.map((line) => (
                <td key={line.id}>{formatCount(line.servers[n] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
