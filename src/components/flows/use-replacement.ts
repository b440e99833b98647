import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reason as reasonSchema } from '#contract/fields.ts';
import type { Image } from '#contract/images/images.ts';
import type { ReplacementPreview } from '#contract/replacements/replacements.ts';

import type { Answer } from '../../api/client.ts';
import { imageReplacePreviewQuery, useReplaceImage } from '../../api/replacements.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { reachChoices } from './flow-names.ts';
import type { Reach } from './flow-names.ts';
import { optionsBody, usualOptions } from './replace-options.ts';
import type { ReplaceOptions } from './replace-options.ts';
import { refusalWords } from './replace-words.ts';

const debounceMs = 150;

function bodyOf(newImageId: string, options: ReplaceOptions, reach: Reach) {
  return { newImage: { id: newImageId }, ...optionsBody(options, reach) };
}

/** What the dialog says about deprecating: whether it can, and why not. */
function deprecationReason(image: Image, preview: ReplacementPreview | undefined) {
  return reasonAgainst(preview?.deprecateOldImage ?? image.actions?.deprecate);
}

/** Why the button does nothing yet. */
function blockedBy(
  newImageId: string | undefined,
  preview: ReplacementPreview | undefined,
  isCurrent: boolean,
  deprecates: boolean,
): string | undefined {
  if (newImageId === undefined) return 'Choose the new image first.';
  if (preview === undefined || !isCurrent) return 'Still working out what would change.';
  const refusal = refusalWords(preview);
  if (refusal !== undefined) return refusal;
  if (preview.counts.change === 0 && !deprecates) {
    return 'No role would change. Choose a wider reach, or another image.';
  }
  return undefined;
}

/** What the replacement would do, live; `isCurrent` while it can be agreed to. */
function usePreview(
  at: PathScope,
  imageId: string,
  body: ReturnType<typeof bodyOf>,
  replace: ReturnType<typeof useReplaceImage>,
) {
  // The reason changes nothing of what is previewed.
  const wanted = JSON.stringify({ ...body, reason: undefined });
  const [asked] = useDebouncedValue(wanted, debounceMs);
  const question = JSON.parse(asked) as typeof body;
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    ...imageReplacePreviewQuery(at, imageId, question),
    // While it is carried out, the preview stays as it was agreed to.
    enabled: question.newImage.id !== '' && !replace.isPending && !replace.isSuccess,
    placeholderData: keepPreviousData,
  });
  // After a refusal that says that the plan has changed, only the new one can be agreed to.
  const isMadeAnew = replace.isError && isFetching;
  return {
    preview: data?.newImage.id === body.newImage.id ? data : undefined,
    error,
    retry: () => void refetch(),
    isCurrent: asked === wanted && !isPlaceholderData && !isMadeAnew,
  };
}

/** The options of a replacement with the preview of what they would do, live. */
export function useReplacement(at: PathScope, image: Image, newImageId: string | undefined) {
  const reaches = reachChoices(at.scope);
  const [options, setOptions] = useState<ReplaceOptions>({
    ...usualOptions,
    reach: reaches[0].value,
  });
  const replace = useReplaceImage(at);
  const reach = reaches.find((choice) => choice.value === options.reach) ?? reaches[0];
  const body = bodyOf(newImageId ?? '', options, reach);
  const shown = usePreview(at, image.id, body, replace);
  const { preview } = shown;
  const request = replace.change({
    params: { imageId: image.id },
    body,
    digest: preview?.digest,
  });
  const reasonProblem = reasonSchema.safeParse(options.reason.trim()).error?.issues[0]?.message;
  const deprecates = options.deprecate && !image.deprecated;
  return {
    options,
    reaches,
    change: (part: Partial<ReplaceOptions>) => {
      replace.reset();
      setOptions((before) => ({ ...before, ...part }));
    },
    reasonProblem,
    preview,
    previewError: shown.error,
    retryPreview: shown.retry,
    deprecates,
    deprecationReason: deprecationReason(image, preview),
    disabledReason: reasonProblem ?? blockedBy(newImageId, preview, shown.isCurrent, deprecates),
    replace,
    /** What is sent. */
    request,
    carryOut: (onDone: (answer: Answer<'imageReplace'>) => void) =>
      replace.mutate(request, { onSuccess: onDone }),
  };
}

export type ReplacementState = ReturnType<typeof useReplacement>;
