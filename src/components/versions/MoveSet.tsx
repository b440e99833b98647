import { useState } from 'react';
import type { ImageSetAct } from '#contract/image-sets/image-set-acts.ts';
import type { Place } from '#contract/images/places.ts';

import {
  setDemotePreviewQuery,
  setPromotePreviewQuery,
  useDemoteSet,
  usePromoteSet,
} from '../../api/promotions.ts';
import { useShownPlan } from '../../api/query.ts';
import { paths } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { belowOf, Demote } from '../flows/Demote.tsx';
import { demotedWords } from '../flows/DemoteDialogs.tsx';
import { Promote } from '../flows/Promote.tsx';
import { promotedWords } from '../flows/promote-words.ts';
import { useArrival } from '../flows/use-arrival.ts';

import { nameOf } from './set-dialog.ts';
import type { SetDialogProps } from './set-dialog.ts';
import { countResults, reasonAgainstAct, useSetChoice } from './set-plan.ts';
import { SetAnswer } from './SetAnswer.tsx';
import { SetPlan } from './SetPlan.tsx';

const done = 'moved';

/** What follows once images have moved: the version where it is now, after a list of those left out. */
function useMoved(onClose: () => void) {
  const [partly, setPartly] = useState<{ answer: ImageSetAct; go: () => void }>();
  const arrive = useArrival(onClose);
  const finish = (answer: ImageSetAct, to: Place | undefined, words: string) => {
    const go = () => {
      if (answer.imageSet === null || to === undefined) onClose();
      else arrive(words, [], to, paths.imageSet(scopeOfPlace(to), answer.imageSet.id));
    };
    if (countResults(answer.results).skipped > 0) setPartly({ answer, go });
    else go();
  };
  return { partly, finish };
}

/** Promotes the images of a set one scope up, together. */
export function PromoteSet(props: SetDialogProps) {
  const { at, object: set, images, onClose } = props;
  const promotion = usePromoteSet(at);
  const choice = useSetChoice(images);
  const plan = useShownPlan(setPromotePreviewQuery(at, set.id, choice.selection), promotion);
  const { partly, finish } = useMoved(onClose);
  if (partly !== undefined)
    return <SetAnswer at={at} answer={partly.answer} done={done} onClose={partly.go} />;
  const name = nameOf(props);
  return (
    <Promote
      {...{ at, onClose }}
      noun="version"
      object={{ id: set.id, name }}
      preview={plan.data}
      previewError={plan.error}
      error={promotion.error}
      pending={promotion.isPending}
      disabledReason={reasonAgainstAct(plan)}
      change={(merge) =>
        promotion.change({
          params: { imageSetId: set.id },
          body: { ...choice.selection, ...(merge ? { merge } : {}) },
          digest: plan.data?.digest,
          ifMatch: set.version,
        })
      }
      onPromote={(sent) =>
        promotion.mutate(sent, {
          onSuccess: ({ data }) => {
            const { to = set, audience = null } = plan.data ?? {};
            finish(data, to, promotedWords(name, to, audience, false));
          },
        })
      }
    >
      {plan.error === null && <SetPlan {...{ at, plan, choice, done }} isReasonShown />}
    </Promote>
  );
}

/** Moves the images of a set one scope down, together. */
export function DemoteSet(props: SetDialogProps) {
  const { at, object: set, images, onClose } = props;
  const demotion = useDemoteSet(at);
  const choice = useSetChoice(images);
  const [target, setTarget] = useState<string>();
  const isChosen = target !== undefined;
  const body = { ...belowOf(at, target), ...choice.selection };
  const plan = useShownPlan(setDemotePreviewQuery(at, set.id, body), demotion, isChosen);
  const { partly, finish } = useMoved(onClose);
  if (partly !== undefined)
    return <SetAnswer at={at} answer={partly.answer} done={done} onClose={partly.go} />;
  const name = nameOf(props);
  const params = { imageSetId: set.id };
  const change = demotion.change({
    params,
    body,
    digest: plan.data?.digest,
    ifMatch: set.version,
  });
  return (
    <Demote
      {...{ at, target, plan, name, onClose }}
      noun="version"
      onTarget={setTarget}
      operation={demotion}
      change={isChosen ? change : undefined}
      disabledReason={reasonAgainstAct(plan)}
      onDemote={(sent) =>
        demotion.mutate(sent, {
          onSuccess: ({ data }) => finish(data, plan.data?.to, demotedWords(name, plan.data)),
        })
      }
    >
      {plan.error === null && <SetPlan {...{ at, plan, choice, done }} isReasonShown />}
    </Demote>
  );
}
