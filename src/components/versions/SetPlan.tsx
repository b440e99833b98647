import { Checkbox } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconMinus } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { ImageSetResult } from '#contract/image-sets/image-set-acts.ts';

import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { CloudLocation } from '../CloudLocation.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { Notice } from '../Notice.tsx';

import { canSkip, countResults } from './set-plan.ts';
import type { SetChoice, ShownSetPlan } from './set-plan.ts';
import classes from './versions.module.css';

interface SetPlanProps {
  at: PathScope;
  plan: ShownSetPlan;
  choice: SetChoice;
  /** What becomes of an image: `deprecated`. */
  done: string;
  /** Why nothing can be done stands elsewhere. */
  isReasonShown?: boolean;
}

/** What an act would do with each image, before it is done; those that are refused can be left out. */
export function SetPlan({ at, plan, choice, done, isReasonShown = false }: SetPlanProps) {
  const { data, error } = plan;
  if (error !== null) return <ErrorNotice error={error} />;
  if (data === undefined) return <p className="dim">Working out what it concerns…</p>;
  const { skipped } = countResults(data.results);
  const offersSkip = choice.skips || canSkip(data);
  return (
    <>
      {!data.allowed && !offersSkip && !isReasonShown && (
        <Notice tone="warning">{reasonAgainst(data)}</Notice>
      )}
      {offersSkip && (
        <Checkbox
          label={`Leave out what cannot be ${done}`}
          description={`${formatQuantity(skipped, 'image')} of ${data.results.length}, for the reasons below. Otherwise nothing is done.`}
          checked={choice.skips}
          onChange={(event) => choice.setSkips(event.target.checked)}
        />
      )}
      <SetResults at={at} results={data.results} done={`is ${done}`} />
    </>
  );
}

interface SetResultsProps {
  at: PathScope;
  results: readonly ImageSetResult[];
  done: string;
}

/** What becomes, or became, of each image. @param done `is deprecated`, `deprecated` */
export function SetResults({ at, results, done }: SetResultsProps) {
  return (
    <ul className={classes['results']} aria-label="Images">
      {results.map((result) => (
        <li key={`${result.image.id} ${result.to?.cloudLocation ?? ''}`}>
          <ResultIcon outcome={result.outcome} />
          <span>
            <Link to={paths.image(at, result.image.id)} target="_blank">
              <CloudLocation
                platform={result.image.cloudPlatform}
                location={result.image.cloudLocation}
              />
            </Link>{' '}
            <span className="dim small">{result.image.architecture}</span>{' '}
            <span className="small">{wordsOf(result, done)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

const icons = { done: IconCheck, unchanged: IconMinus, skipped: IconAlertTriangle };

function ResultIcon({ outcome }: Pick<ImageSetResult, 'outcome'>) {
  const Icon = icons[outcome];
  return <Icon size={16} aria-hidden className={classes[outcome]} />;
}

/** Without the advice on what a program is to send instead: for people there is a field. */
function forPeople(reason: string): string {
  return reason.replace(/ Send \w+: .*$/, '');
}

function wordsOf({ outcome, reason = '', to, made, image }: ImageSetResult, done: string): string {
  const where = to === undefined ? '' : ` to ${to.cloudLocation}`;
  if (outcome === 'skipped') return `is left out${where}: ${forPeople(reason)}`;
  if (outcome === 'unchanged') return 'stays as it is';
  if (made !== undefined && to === undefined && made.name !== '')
    return `goes over into ${made.name === image.name ? 'the image that is there' : made.name}`;
  return `${done}${where}`;
}
