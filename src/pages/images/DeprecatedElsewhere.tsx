import { Link } from 'react-router';
import type { Image } from '#contract/images/images.ts';
import { scopeLabel } from '#contract/scope.ts';

import { Notice } from '../../components/Notice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

/** Another registration of the same cloud image is deprecated, and so is this one here. */
export function DeprecatedElsewhere({ at, image }: { at: PathScope; image: Image }) {
  const elsewhere = image.deprecationElsewhere;
  if (elsewhere == null) return null;
  return (
    <Notice tone="warning">
      <p>
        The same cloud image was deprecated <RelativeTime at={elsewhere.at} /> by {elsewhere.by} at{' '}
        {scopeLabel[elsewhere.image.scope]} scope, as{' '}
        <Link to={paths.image(at, elsewhere.image.id)}>{elsewhere.image.name}</Link>. So it cannot
        be added to roles here; what runs keeps running.
        {elsewhere.reason !== null && ` Reason: ${elsewhere.reason}`}
      </p>
    </Notice>
  );
}
