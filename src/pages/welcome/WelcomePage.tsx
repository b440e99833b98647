import { useQuery } from '@tanstack/react-query';

import { scopeListQuery, scopeQuery } from '../../api/scopes.ts';
import { sessionQuery } from '../../api/session.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { grantAt } from '../../util/grants.ts';
import { homePath, paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { AccountForm, EnvironmentForm } from './NameForm.tsx';
import { Step } from './Step.tsx';
import classes from './WelcomePage.module.css';

const corporate: PathScope = { scope: 'scalr' };
const top = { scope: 'scalr', accountId: null, envId: null } as const;

/** What there is already: the first account, and the first environment of it. */
function useFirstScopes() {
  const scopes = useQuery(scopeListQuery());
  const places = scopes.data?.data ?? [];
  const account = places.find((place) => place.scope === 'account');
  const environment = places.find(
    (place) => place.scope === 'environment' && place.accountId === account?.accountId,
  );
  return { account, environment, isPending: scopes.isPending, error: scopes.error };
}

/** Whether the environment has an image, its own or an inherited one. */
function useHasImages(envId: number | null | undefined): boolean {
  const scope = useQuery({
    ...scopeQuery({ scope: 'environment', environmentId: envId ?? 0 }),
    enabled: typeof envId === 'number',
  });
  return (scope.data?.counts?.images ?? 0) > 0;
}

/** Whether the user may create accounts, and environments in the first account, and if not why. */
function useVerdicts(accountId: number | null | undefined) {
  const session = useQuery(sessionQuery);
  const isCorporate = grantAt(session.data?.grants ?? [], top) !== undefined;
  const above = useQuery({ ...scopeQuery(corporate), enabled: isCorporate });
  const account = useQuery({
    ...scopeQuery({ scope: 'account', accountId: accountId ?? 0 }),
    enabled: typeof accountId === 'number',
  });
  return {
    account: above.data?.actions.accountCreate,
    environment: account.data?.actions.environmentCreate,
  };
}

/** The first three steps of a new Slipway; what is done is done for real, and can be left at any time. */
export function Component() {
  const first = useFirstScopes();
  const { environment } = first;
  const hasImages = useHasImages(environment?.envId);
  const environmentAt: PathScope = { scope: 'environment', environmentId: environment?.envId ?? 0 };
  return (
    <div className={classes['page']}>
      <title>Welcome · Slipway</title>
      <h1>Welcome to Slipway</h1>
      <p className="dim">
        Three steps to the first image. Each one is carried out at once, so you can stop and come
        back.
      </p>
      {first.error !== null && <ErrorNotice error={first.error} />}
      <ol className={classes['steps']}>
        <FirstScopes {...first} />
        <Step
          number={3}
          title="Register an image"
          state={stateOf(environment !== undefined, hasImages)}
          done="There is an image to work with."
        >
          Tell Slipway about a machine image that is already in your cloud. It stays where it is.
          <div>
            <ActionButton variant="filled" to={paths.newImage(environmentAt)}>
              Register the first image
            </ActionButton>
          </div>
        </Step>
      </ol>
      {environment !== undefined && (
        <div>
          <ActionButton to={hasImages ? paths.images(environmentAt) : homePath}>
            {hasImages ? 'Show the images' : 'Skip and look around'}
          </ActionButton>
        </div>
      )}
    </div>
  );
}

/** The steps to an account and an environment in it. */
function FirstScopes({ account, environment, isPending }: ReturnType<typeof useFirstScopes>) {
  const verdicts = useVerdicts(account?.accountId);
  return (
    <>
      <Step
        number={1}
        title="Create an account"
        state={stateOf(!isPending, account !== undefined)}
        done={`${account?.accountName} is there.`}
      >
        An account is a part of the company, such as a department. Its images and roles are seen by
        all of its environments.
        <AccountForm verdict={verdicts.account} />
      </Step>
      <Step
        number={2}
        title="Create an environment"
        state={stateOf(account !== undefined, environment !== undefined)}
        done={`${environment?.envName} is there, in ${environment?.accountName}.`}
      >
        An environment is where farms run, such as Production or Test.
        <EnvironmentForm accountId={account?.accountId ?? 0} verdict={verdicts.environment} />
      </Step>
    </>
  );
}

function stateOf(isReached: boolean, isDone: boolean): 'done' | 'now' | 'later' {
  if (isDone) return 'done';
  return isReached ? 'now' : 'later';
}
