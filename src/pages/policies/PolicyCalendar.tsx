import { Link } from 'react-router';
import type { PolicyEvaluation } from '#contract/policies/evaluations.ts';
import type { Policy } from '#contract/policies/policies.ts';

import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import classes from './PolicyCalendar.module.css';

interface CalendarProps {
  at: PathScope;
  policy: Policy;
  evaluation: PolicyEvaluation;
}

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** So many days are shown; the list below has all. */
const mostDays = 14;

const nounOf = { names: 'name', roles: 'place of a role', deprecate: 'image', delete: 'image' };

/** How much is due when, with links to what that is. */
export function PolicyCalendar({ at, policy, evaluation }: CalendarProps) {
  const { counts, calendar = [], at: evaluatedAt } = evaluation;
  const isReport = policy.kind === 'names' || policy.kind === 'roles';
  return (
    <>
      <p>
        Evaluated <RelativeTime at={evaluatedAt} />: {counts.due} {isReport ? 'break it' : 'due'},{' '}
        {counts.later} later, {counts.kept} {isReport ? 'fit' : 'stay'}.
      </p>
      {calendar.length === 0 ? (
        <p className="dim">Nothing is due, and nothing will be as things are now.</p>
      ) : (
        <Days {...{ at, policy }} calendar={calendar} today={evaluatedAt.slice(0, 10)} />
      )}
      {calendar.length > mostDays && (
        <p className="dim">
          And {calendar.length - mostDays} more days, the last on {calendar.at(-1)?.day}.
        </p>
      )}
    </>
  );
}

interface DaysProps extends Pick<CalendarProps, 'at' | 'policy'> {
  calendar: NonNullable<PolicyEvaluation['calendar']>;
  today: string;
}

/** The first days on which something falls due. */
function Days({ at, policy, calendar, today }: DaysProps) {
  const shown = calendar.slice(0, mostDays);
  const most = Math.max(1, ...shown.map(({ count }) => count));
  return (
    <table className={classes['days']}>
      <caption className={classes['caption']}>When what falls due (days in UTC)</caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Due</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ day, count }) => (
          <tr key={day}>
            <th scope="row">
              {day === today ? 'Now' : dayFormat.format(new Date(`${day}T00:00:00Z`))}
            </th>
            <td>
              <Link to={paths.policy(at, policy.id, { dueFrom: day, dueTo: day })}>
                {formatQuantity(count, nounOf[policy.kind])}
              </Link>
              <span
                className={classes['bar']}
                style={{ inlineSize: `${(count / most) * 6}rem` }}
                aria-hidden
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
