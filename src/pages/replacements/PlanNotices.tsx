import { Link } from 'react-router';
import type { StoredPlan } from '#contract/replacements/replacement-plans.ts';

import { Difference } from '../../components/objects/Difference.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { namesOf } from '../../components/flows/replaced-words.ts';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { Notice } from '../../components/Notice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

import { isOwnScope } from './own-scope.ts';
import { addressOf } from './PlanActions.tsx';

interface PlanNoticesProps {
  at: PathScope;
  replacement: ReplacementDetail;
  /** Why it could not be applied just now. */
  error: unknown;
}

/** What one must know before applying a plan: what has changed, what stands against it, and who may. */
export function PlanNotices({ at, replacement, error }: PlanNoticesProps) {
  const { plan, state } = replacement;
  return (
    <>
      {error !== null && <ErrorNotice error={error} />}
      {state === 'cancelled' && (
        <Notice>
          Given up <RelativeTime at={replacement.at} /> by {replacement.by}. Nothing was changed.
        </Notice>
      )}
      {plan !== null && (
        <>
          <Verdict {...{ at, replacement, plan }} />
          {error === null && <ChangedSince plan={plan} />}
          <Warnings plan={plan} />
        </>
      )}
    </>
  );
}

interface PartProps {
  at: PathScope;
  replacement: ReplacementDetail;
  plan: StoredPlan;
}

function Verdict({ at, replacement, plan }: PartProps) {
  if (plan.allowed) return null;
  if (replacement.state === 'expired') {
    return (
      <Notice tone="warning">
        This plan is older than a day, so it expired. Plan it anew, look at it, and apply it then.
      </Notice>
    );
  }
  if (!isOwnScope(at, replacement)) {
    return (
      <Notice>
        {plan.reason}{' '}
        <Link to={paths.replacement(scopeOfPlace(replacement), replacement.id)}>
          Open it at its own scope
        </Link>
      </Notice>
    );
  }
  if (plan.code === 'PermissionViolation') return <WhoCan {...{ replacement, plan }} />;
  return <Notice tone="warning">{plan.reason ?? 'This plan cannot be applied.'}</Notice>;
}

/** Who looks may not apply it: whom to ask, with the plan's address in the message. */
function WhoCan({ replacement, plan }: Omit<PartProps, 'at'>) {
  const { total, users } = plan.whoCan;
  const mail = new URLSearchParams({
    subject: `Please apply: replace ${namesOf(replacement, 'oldImage')}`,
    body: `${replacement.reason ?? ''}\n\n${addressOf(replacement)}`.trim(),
  });
  // A message has spaces, not plus signs.
  const query = mail.toString().replaceAll('+', '%20');
  return (
    <Notice>
      <p>
        {plan.reason}{' '}
        {total === 0 ? 'Nobody can yet: ask who manages the rights.' : 'These people can apply it:'}
      </p>
      {total > 0 && (
        <ul aria-label="Who can apply it">
          {users.map(({ id, name, email }) => (
            <li key={id}>
              {name} · <a href={`mailto:${email}?${query}`}>Ask {email}</a>
            </li>
          ))}
          {total > users.length && <li>and {total - users.length} more</li>}
        </ul>
      )}
    </Notice>
  );
}

function ChangedSince({ plan: { changedSince } }: Pick<PartProps, 'plan'>) {
  if (changedSince === null) return null;
  return (
    <Notice tone="warning">
      <p>
        Something it rests on has changed since it was planned. Below is what it would do now, and
        that is what is applied.
      </p>
      <Difference {...changedSince} />
    </Notice>
  );
}

/** Those about holes and pairs stand in the table. */
const shownBelow = ['Hole', 'NothingToReplace'];

function Warnings({ plan }: Pick<PartProps, 'plan'>) {
  const inTable = new Set(
    plan.pairs.flatMap(({ outcome, code }) => (outcome === 'skip' ? code : [])),
  );
  const warnings = plan.warnings.filter(
    ({ code }) => !shownBelow.includes(code) && !inTable.has(code),
  );
  if (warnings.length === 0) return null;
  return (
    <Notice tone="warning">
      <ul>
        {warnings.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </Notice>
  );
}
