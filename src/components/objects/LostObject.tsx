import { Link, useLocation } from 'react-router';

import { errorFacts } from '../../util/errors.ts';
import { paths, scopeOfPath, sectionOfPath } from '../../util/paths.ts';
import { Notice } from '../Notice.tsx';

/** On a page whose object is gone: why, what the page still shows, and where to go on. */
export function LostObject({ error }: { error: Error }) {
  const { pathname } = useLocation();
  const scope = scopeOfPath(pathname);
  const section = sectionOfPath(pathname);
  return (
    <Notice tone="danger" urgent>
      {errorFacts(error).message} This page shows what was last known of it.{' '}
      {scope !== undefined && <Link to={paths.section(scope, section)}>Show all {section}</Link>}
    </Notice>
  );
}
