import { Link } from 'react-router';
import type { Replacement } from '#contract/replacements/replacements.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { FactList } from '../../components/FactList.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { reachWords } from './replacement-words.ts';
import classes from './ReplacementFacts.module.css';

interface FactsProps {
  at: PathScope;
  replacement: Replacement;
}

function ImageFact({ at, image }: { at: PathScope; image: Replacement['oldImage'] }) {
  return (
    <div className={classes['image']}>
      <Link to={paths.image(at, image.id)}>{image.name}</Link>
      <CopyableId id={image.cloudImageId} what="cloud image ID" length={24} />
      {image.deprecated && <span className="dim">deprecated now</span>}
    </div>
  );
}

/** What was replaced by what, where, by whom and why. */
export function ReplacementFacts({ at, replacement }: FactsProps) {
  const { oldImage, newImage, rollsBack, rolledBackBy } = replacement;
  return (
    <FactList
      facts={[
        { label: 'Old image', value: <ImageFact at={at} image={oldImage} /> },
        { label: 'New image', value: <ImageFact at={at} image={newImage} /> },
        {
          label: 'Location',
          value: (
            <CloudLocation platform={oldImage.cloudPlatform} location={oldImage.cloudLocation} />
          ),
        },
        { label: 'Changed', value: formatQuantity(replacement.roles, 'role') },
        {
          label: 'Deprecated',
          value: replacement.deprecatedOldImage ? 'the old image, with it' : 'nothing',
        },
        { label: 'Made at', value: <ScopeBadge scope={replacement.scope} /> },
        { label: 'Reached', value: reachWords(replacement) },
        { label: 'When', value: <RelativeTime at={replacement.at} /> },
        { label: 'By', value: replacement.by },
        { label: 'Reason', value: replacement.reason ?? <span className="dim">none given</span> },
        ...(rollsBack === null
          ? []
          : [
              {
                label: 'Rolls back',
                value: <Link to={paths.replacement(at, rollsBack.id)}>an earlier replacement</Link>,
              },
            ]),
        ...(rolledBackBy === null
          ? []
          : [
              {
                label: 'Rolled back',
                value: <Link to={paths.replacement(at, rolledBackBy.id)}>by a later one</Link>,
              },
            ]),
        { label: 'ID', value: <CopyableId id={replacement.id} what="ID" length={24} /> },
      ]}
    />
  );
}
