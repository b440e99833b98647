import { NativeSelect, SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Data } from '#contract/operations.ts';

import { burnDownExportUrl, burnDownQuery } from '../../api/burn-down.ts';
import type { BurnDownInput } from '../../api/burn-down.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { DownloadCsv } from '../DownloadCsv.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

import classes from './BurnDown.module.css';
import { trendWords } from './burn-down-words.ts';
import { Chart } from './Chart.tsx';
import { PointTable } from './PointTable.tsx';

export interface BurnDownProps {
  at: PathScope;
  /** Whose servers: the filters of usage, or a replacement. */
  of: Omit<BurnDownInput, 'split' | 'from' | 'to'>;
}

type Split = NonNullable<BurnDownInput['split']>;

const splits: readonly { value: Split | ''; label: string; scopes: readonly string[] }[] = [
  { value: '', label: 'Not split', scopes: ['scalr', 'account', 'environment'] },
  { value: 'account', label: 'By account', scopes: ['scalr'] },
  { value: 'environment', label: 'By environment', scopes: ['scalr', 'account'] },
  { value: 'farm', label: 'By farm', scopes: ['scalr', 'account', 'environment'] },
  { value: 'owner', label: 'By owner', scopes: ['scalr', 'account', 'environment'] },
  { value: 'place', label: 'By place', scopes: ['scalr', 'account', 'environment'] },
];

const points = {
  label: 'Download points as CSV',
  tip: 'Download the points as CSV, split as shown',
};

const times = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
];

/** The beginning of a time of so many days, the same all day long, so that it is one question. */
function daysAgo(days: string): string {
  const today = new Date().setUTCHours(0, 0, 0, 0);
  return new Date(today - Number(days) * 86_400_000).toISOString();
}

/** What is chosen, and the answer to it; the one before stays in sight meanwhile. */
function useBurnDown({ at, of }: BurnDownProps) {
  const [split, setSplit] = useState<Split | ''>('');
  const [days, setDays] = useState('90');
  const input = { ...of, from: daysAgo(days), ...(split !== '' && { split }) };
  const answer = useQuery({ ...burnDownQuery(at, input), placeholderData: keepPreviousData });
  return { input, answer, split, setSplit, days, setDays };
}

/** Servers on old images over time: drawn or as a table, how it goes on, and the farms that do not move. */
export function BurnDown({ at, of }: BurnDownProps) {
  const { input, answer, split, setSplit, days, setDays } = useBurnDown({ at, of });
  const [view, setView] = useState('chart');
  const { data, error } = answer;
  if (error !== null && data === undefined)
    return <ErrorNotice error={error} onRetry={() => void answer.refetch()} />;
  return (
    <div className={classes['burnDown']} aria-busy={data === undefined}>
      <div className={classes['tools']}>
        <SegmentedControl
          aria-label="Show as"
          size="xs"
          value={view}
          onChange={setView}
          data={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
        />
        <NativeSelect
          aria-label="Split"
          size="xs"
          value={split}
          onChange={({ currentTarget }) => setSplit(currentTarget.value as Split | '')}
          data={splits.filter(({ scopes }) => scopes.includes(at.scope))}
        />
        <NativeSelect
          aria-label="Time"
          size="xs"
          value={days}
          onChange={({ currentTarget }) => setDays(currentTarget.value)}
          data={times}
        />
        <DownloadCsv href={burnDownExportUrl(at, input)} file="burn-down.csv" what={points} />
      </div>
      {data !== undefined && (
        <>
          <p>
            <strong>{formatQuantity(data.servers, 'server')}</strong> on old images now.{' '}
            {trendWords(data.trend)}
          </p>
          {view === 'chart' ? <Chart {...data} /> : <PointTable {...data} />}
          <StillFarms still={data.still} />
        </>
      )}
    </div>
  );
}

/** The farms that do not move, each with the way to it. */
function StillFarms({ still }: { still: Data<'usageBurnDown'>['still'] }) {
  if (still.farms === 0) return null;
  return (
    <details>
      <summary>
        {formatQuantity(still.farms, 'farm')} with {formatQuantity(still.servers, 'server')} did not
        move for a week
      </summary>
      <ul className={classes['farms']}>
        {still.items.map(({ id, name, envId, envName, owner, servers }) => (
          <li key={id}>
            <Link
              to={paths.farm({ scope: 'environment', environmentId: envId }, id, { old: true })}
            >
              {name}
            </Link>{' '}
            <span className="dim">
              {envName}, {owner.name}: {formatQuantity(servers, 'server')}
            </span>
          </li>
        ))}
      </ul>
      {still.items.length < still.farms && (
        <p className="small dim">
          {still.items.length} of {still.farms} farms are shown.
        </p>
      )}
    </details>
  );
}
