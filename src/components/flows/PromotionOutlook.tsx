import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { PromotionPreview } from '#contract/replacements/promotions.ts';
import { scopeLabel } from '#contract/scope.ts';

import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { CloudLocation } from '../CloudLocation.tsx';
import { Notice } from '../Notice.tsx';
import { PlaceBadge } from '../PlaceBadge.tsx';
import { ScopeBadge } from '../ScopeBadge.tsx';

import classes from './flows.module.css';
import { whoSeesIt } from './promote-words.ts';

interface OutlookProps {
  preview: PromotionPreview;
  /** An image gives way to the one that is there, so nobody sees anything new. */
  isMerge: boolean;
  /** The images are told elsewhere. */
  hidesImages?: boolean;
}

/** What a promotion means: where it goes, who will see it, what comes along, what stays, and who may. */
export function PromotionOutlook({ preview, isMerge, hidesImages = false }: OutlookProps) {
  return (
    <>
      <Rights preview={preview} />
      <Move
        {...{ preview, isMerge }}
        keeps={hidesImages ? 'Its images keep their ids' : 'It keeps its id'}
      />
      {!hidesImages && <Along preview={preview} />}
      <Below preview={preview} />
    </>
  );
}

/** What the caller lacks, where it is and where it goes. */
function Rights({ preview: { missingRights } }: { preview: PromotionPreview }) {
  if (missingRights.length === 0) return null;
  return (
    <Notice tone="warning">
      <p>You lack the right to promote:</p>
      <ul>
        {missingRights.map(({ scope, ask }) => (
          <li key={scope}>
            at <ScopeBadge scope={scope} />. Who administers it may do this, or give you the right
            {ask.length > 0 && `: ${ask.map(({ name, email }) => `${name} (${email})`).join(', ')}`}
            .
          </li>
        ))}
      </ul>
    </Notice>
  );
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes['section']} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface MoveProps {
  preview: PromotionPreview;
  isMerge: boolean;
  /** What stays the same. */
  keeps: string;
}

function Move({ preview, isMerge, keeps }: MoveProps) {
  const move = (
    <>
      From <PlaceBadge place={preview.from} /> to <PlaceBadge place={preview.to} />.
    </>
  );
  if (isMerge) return <p>{move}</p>;
  return (
    <>
      <p>
        {move} {keeps}, so nothing that uses {keeps.startsWith('Its') ? 'them' : 'it'} changes.
      </p>
      <Part title="Who will newly see it">
        <p>{whoSeesIt(preview)}</p>
        <Audience preview={preview} />
      </Part>
    </>
  );
}

/** The images that a role brings along. */
function Along({ preview }: { preview: PromotionPreview }) {
  const { images } = preview;
  if (images.length === 0) return null;
  return (
    <Part
      title={`${formatQuantity(images.length, 'image')} of its own ${images.length === 1 ? 'comes' : 'come'} along`}
    >
      <ul className={`${classes['list']} ${classes['scroll']}`}>
        {images.map((image) => (
          <li key={image.id}>
            <Link to={paths.image(scopeOfPlace(image), image.id)} target="_blank">
              {image.name}
            </Link>{' '}
            <span className="dim small">
              <CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} /> ·{' '}
              {image.architecture}
              {image.deprecated ? ' · deprecated, and stays so' : ''}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** Who will see it by name, as far as one may look at them. */
function Audience({ preview: { newlySeenBy, audience, to } }: { preview: PromotionPreview }) {
  if (newlySeenBy === null || audience === null) return null;
  // The account that it goes to is no news, and said above.
  const accounts = to.scope === 'account' ? [] : newlySeenBy.accounts;
  const { environments } = newlySeenBy;
  const all = audience.environments + (to.scope === 'account' ? 0 : audience.accounts);
  const more = all - accounts.length - environments.length;
  if (accounts.length + environments.length === 0) return null;
  return (
    <details>
      <summary>Who they are</summary>
      <ul className={`${classes['list']} ${classes['scroll']}`}>
        {accounts.map(({ id, name }) => (
          <li key={`account ${id}`}>
            <ScopeBadge scope="account" name={name} />
          </li>
        ))}
        {environments.map(({ id, name }) => (
          <li key={`environment ${id}`}>
            <ScopeBadge scope="environment" name={name} />
          </li>
        ))}
        {more > 0 && <li>and {more} more</li>}
      </ul>
    </details>
  );
}

/** What the scopes below have and keep to themselves. */
function Below({ preview: { below, to } }: { preview: PromotionPreview }) {
  const { images, hidden } = below;
  if (images.length + hidden === 0) return null;
  return (
    <Part title={`What stays below ${scopeLabel[to.scope]}`}>
      <ul className={`${classes['list']} ${classes['scroll']}`}>
        {images.map((image) => (
          <li key={image.id}>
            <Link to={paths.image(scopeOfPlace(image), image.id)} target="_blank">
              {image.name}
            </Link>{' '}
            <ScopeBadge scope={image.scope} />{' '}
            <span className="dim small">
              <CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} /> ·{' '}
              {image.architecture} ·{' '}
              {image.sameCloudImage
                ? 'the same cloud image, registered there as well'
                : 'only this scope has it'}
            </span>
          </li>
        ))}
        {hidden > 0 && <li>{formatQuantity(hidden, 'image')} that you may not see</li>}
      </ul>
    </Part>
  );
}
