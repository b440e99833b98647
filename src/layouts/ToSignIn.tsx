import { Navigate, useLocation, useNavigation } from 'react-router';

import { signInPath, unsubscribePath } from '../util/paths.ts';
import { signInPathFor } from '../util/sign-in.ts';

/** To the sign-in page, which comes back to what was wanted. */
export function ToSignIn() {
  const here = useLocation();
  // A link that was just followed is what was wanted last.
  const { location: ahead } = useNavigation();
  const { pathname, search } = ahead ?? here;
  // Mails end without anybody being signed in.
  return pathname === signInPath || pathname === unsubscribePath ? null : (
    <Navigate to={signInPathFor(pathname + search)} replace />
  );
}
