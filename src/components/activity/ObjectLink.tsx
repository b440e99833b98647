import { Link } from 'react-router';
import type { ChangedObject } from '#contract/records/operations.ts';

import type { PathScope } from '../../util/paths.ts';

import { objectAddress, objectWords } from './activity-words.ts';

/** An object by its kind and name, with its page where there is one; what is gone says so. */
export function ObjectLink({ at, object }: { at: PathScope; object: ChangedObject }) {
  const to = objectAddress(at, object);
  const words = objectWords(object);
  if (to !== undefined) return <Link to={to}>{words}</Link>;
  return (
    <>
      {words}
      {object.gone && <span className="dim"> (gone since)</span>}
    </>
  );
}
