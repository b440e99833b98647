import { Link } from 'react-router';
import type { Collision, PromotionPreview } from '#contract/replacements/promotions.ts';

import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { Notice } from '../Notice.tsx';
import { ScopeBadge } from '../ScopeBadge.tsx';

interface CollisionsProps {
  at: PathScope;
  noun: 'image' | 'role' | 'version';
  object: { id: string | number };
  preview: PromotionPreview;
}

/** What is there already where it goes, and the ways out. */
export function Collisions({ at, noun, object, preview }: CollisionsProps) {
  const { collisions, missingRights } = preview;
  // What is missing at either end is said by itself.
  const reason = preview.allowed || missingRights.length > 0 ? undefined : preview.reason;
  if (reason === undefined && collisions.length === 0) return null;
  return (
    <Notice tone="warning">
      {reason !== undefined && <p>{reason}</p>}
      {collisions.length > 0 && (
        <ul>
          {collisions.map((collision) => (
            <li key={`${collision.of.id} ${collision.id}`}>
              <CollisionLine collision={collision} account={preview.to.accountName} />
            </li>
          ))}
        </ul>
      )}
      {noun === 'role' && collisions.some(({ waysOut }) => waysOut.includes('rename')) && (
        <p>
          <Link to={paths.role(at, object.id, { dialog: 'edit' })}>Rename this role first</Link>
        </p>
      )}
    </Notice>
  );
}

interface CollisionLineProps {
  collision: Collision;
  /** The name of the account, where that is what it goes to. */
  account: string | null;
}

function CollisionLine({ collision, account }: CollisionLineProps) {
  const place = scopeOfPlace(collision);
  const name = collision.scope === 'account' ? (account ?? undefined) : undefined;
  const there = <ScopeBadge scope={collision.scope} name={name} />;
  if (collision.type === 'role') {
    return (
      <>
        The name is taken: {there} has a role{' '}
        <Link to={paths.role(place, collision.id)} target="_blank">
          {collision.name}
        </Link>
        .
      </>
    );
  }
  return (
    <>
      {there} has the same cloud image as {collision.of.name} already, registered as{' '}
      <Link to={paths.image(place, String(collision.id))} target="_blank">
        {collision.name}
      </Link>
      {collision.mergeable
        ? '. They can be merged.'
        : `. They cannot be merged${collision.reason === undefined ? '.' : `: ${collision.reason}`}`}
    </>
  );
}
