import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import {
  isRouteErrorResponse,
  Navigate,
  useLocation,
  useNavigate,
  useParams,
  useRouteError,
} from 'react-router';

import { isSignedOutError } from '../api/session.ts';
import { ErrorPage, NotFound } from '../components/ErrorPage.tsx';
import { CodeError, reloadOnce } from '../util/code.ts';
import { untilServerIsThere } from '../util/connection.ts';
import { errorFacts, isUnreachable } from '../util/errors.ts';
import { wasTakenAway } from '../util/gone.ts';
import { homePath, paths, scopeOfPath, sectionOfPath } from '../util/paths.ts';

/**
 * Waits for a server that is away, and then tries again by itself: code that the server has another
 * version of comes with the whole page.
 * @returns what to say meanwhile; undefined once there is nothing more to wait for
 */
function useRecovery(error: unknown, retry: () => void): string | undefined {
  const isCode = error instanceof CodeError;
  const isWaiting = isCode || isUnreachable(error);
  const [given, setGiven] = useState<unknown>();
  const goOn = useEffectEvent(() => {
    if (!isCode) retry();
    else if (!reloadOnce()) setGiven(error);
  });
  useEffect(() => {
    if (!isWaiting) return undefined;
    let isLeft = false;
    void untilServerIsThere().then(() => {
      if (!isLeft) goOn();
    });
    return () => {
      isLeft = true;
    };
  }, [isWaiting, error]);
  return isWaiting && given !== error
    ? 'Slipway does not answer. It is asked again and again, and this page comes by itself.'
    : undefined;
}

/** The error element of every page: not found in words that help, or the error with a retry. */
export function RouteError() {
  const error = useRouteError();
  const { reset } = useQueryErrorResetBoundary();
  const location = useLocation();
  const navigate = useNavigate();
  const retry = () => {
    if (error instanceof CodeError) window.location.reload();
    reset();
    void navigate(location, { replace: true });
  };
  const waitingFor = useRecovery(error, retry);
  // The frame is on its way to the sign-in page.
  if (isSignedOutError(error)) return null;
  const isMissing = isRouteErrorResponse(error)
    ? error.status === 404
    : errorFacts(error).status === 404;
  if (isMissing)
    return (
      <PageNotFound detail={isRouteErrorResponse(error) ? undefined : errorFacts(error).message} />
    );
  return <ErrorPage error={waitingFor ?? error} onRetry={retry} />;
}

/**
 * Not found, with the way to the list that the address was about. Whoever comes back to what they have
 * deleted is shown that list at once.
 */
export function PageNotFound({ detail }: { detail?: string | undefined }) {
  const { pathname } = useLocation();
  const isNoNews = wasTakenAway(useParams<string>());
  const scope = scopeOfPath(pathname);
  const section = sectionOfPath(pathname);
  const to = scope === undefined ? homePath : paths.section(scope, section);
  if (isNoNews) return <Navigate to={to} replace />;
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
