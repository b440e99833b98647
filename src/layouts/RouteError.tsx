import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { isRouteErrorResponse, useLocation, useNavigate, useRouteError } from 'react-router';

import { isSignedOutError } from '../api/session.ts';
import { ErrorPage, NotFound } from '../components/ErrorPage.tsx';
import { errorFacts } from '../util/errors.ts';
import { homePath, paths, scopeOfPath, sectionOfPath } from '../util/paths.ts';

/** The error element of every page: not found in words that help, or the error with a retry. */
export function RouteError() {
  const error = useRouteError();
  const { reset } = useQueryErrorResetBoundary();
  const location = useLocation();
  const navigate = useNavigate();
  // The frame is on its way to the sign-in page.
  if (isSignedOutError(error)) return null;
  const isMissing = isRouteErrorResponse(error)
    ? error.status === 404
    : errorFacts(error).status === 404;
  if (isMissing)
    return (
      <PageNotFound detail={isRouteErrorResponse(error) ? undefined : errorFacts(error).message} />
    );
  const retry = () => {
    reset();
    void navigate(location, { replace: true });
  };
  return <ErrorPage error={error} onRetry={retry} />;
}

/** Not found, with the way to the list that the address was about. */
export function PageNotFound({ detail }: { detail?: string | undefined }) {
  const { pathname } = useLocation();
  const scope = scopeOfPath(pathname);
  const section = sectionOfPath(pathname);
  const to = scope === undefined ? homePath : paths.section(scope, section);
  return (
    <>
      <title>Not found · Slipway</title>
      <NotFound
        to={to}
        toLabel={scope === undefined ? 'Go to the start page' : `Show all ${section}`}
      >
        {detail}
      </NotFound>
    </>
  );
}
