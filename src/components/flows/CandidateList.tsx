/* eslint-disable jsx-a11y/prefer-tag-over-role -- the combobox pattern has no tags of its own */
import { memo, useMemo } from 'react';
import type { UIEvent } from 'react';
import type { ImageCandidate } from '#contract/images/image-candidates.ts';
import type { Image } from '#contract/images/images.ts';

import { useNow } from '../../hooks/use-now.ts';
import { formatRelativeTime } from '../../util/format.ts';
import { CloudLocation } from '../CloudLocation.tsx';
import { PlaceBadge } from '../PlaceBadge.tsx';

import { groupLabel, groupOf, isChoosable, whyNot } from './candidate.ts';
import type { CandidateGroup } from './candidate.ts';
import classes from './CandidatePicker.module.css';

/** So close to its end, more of the list is fetched. */
const aheadPx = 400;

interface CandidateListProps {
  id: string;
  candidates: readonly ImageCandidate[];
  old: Image;
  inOneRole: boolean;
  /** Of the option that the arrows are on. */
  index: number;
  onChoose: (candidate: ImageCandidate) => void;
  /** Its end is near. */
  onEnd: () => void;
}

/** The options under their headings. */
export function CandidateList({ id, candidates, index, onEnd, ...shared }: CandidateListProps) {
  const groups = useMemo(() => inGroups(candidates), [candidates]);
  const onScroll = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: UIEvent) => {
    if (scrollHeight - scrollTop - clientHeight < aheadPx) onEnd();
  };
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Images to choose from"
      className={classes['list']}
      onScroll={onScroll}
    >
      {groups.map(({ group, first, members }) => (
        <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
          <div id={`${id}-${group}`} role="presentation" className={classes['heading']}>
            {groupLabel[group]}
          </div>
          {members.map((candidate, position) => (
            <CandidateOption
              key={candidate.id}
              id={`${id}-${first + position}`}
              candidate={candidate}
              isActive={first + position === index}
              {...shared}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

interface Group {
  group: CandidateGroup;
  /** Where its first member stands in the whole list. */
  first: number;
  members: ImageCandidate[];
}

/** The server sorts by group, so each is one run of the list. */
function inGroups(candidates: readonly ImageCandidate[]): Group[] {
  const groups: Group[] = [];
  for (const [position, candidate] of candidates.entries()) {
    const group = groupOf(candidate);
    const last = groups.at(-1);
    if (last?.group === group) last.members.push(candidate);
    else groups.push({ group, first: position, members: [candidate] });
  }
  return groups;
}

interface CandidateOptionProps {
  id: string;
  candidate: ImageCandidate;
  old: Image;
  inOneRole: boolean;
  isActive: boolean;
  onChoose: (candidate: ImageCandidate) => void;
}

/** Does not render again while one types in the field above. */
const CandidateOption = memo(function CandidateOption(props: CandidateOptionProps) {
  const { id, candidate, old, inOneRole, isActive, onChoose } = props;
  const now = useNow();
  const why = whyNot(candidate, old, { inOneRole });
  return (
    // The field above keeps the focus and handles the keys, as the combobox pattern has it.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      aria-disabled={!isChoosable(candidate, { inOneRole })}
      className={`${classes['option']} ${candidate.valid ? '' : classes['refused']}`}
      onClick={() => onChoose(candidate)}
    >
      <span className={classes['name']}>{candidate.name}</span>
      <PlaceBadge place={candidate} />
      <span className={classes['facts']}>
        <CloudLocation platform={candidate.cloudPlatform} location={candidate.cloudLocation} /> ·{' '}
        {candidate.osName} · {candidate.architecture} ·{' '}
        <span className="mono">{candidate.cloudImageId || 'no cloud image ID yet'}</span> · added{' '}
        {formatRelativeTime(new Date(candidate.added), now)}
      </span>
      {why !== undefined && <span className={classes['why']}>{why}</span>}
    </div>
  );
});
