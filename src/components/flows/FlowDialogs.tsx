import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { uuid } from '#contract/fields.ts';

import { imageQuery } from '../../api/images.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import type { PathScope } from '../../util/paths.ts';
import { Dialog } from '../Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

import { PromoteImage } from './PromoteDialogs.tsx';
import { ReplaceDialog } from './ReplaceDialog.tsx';

const names = ['replace', 'promote'] as const;

interface ImageFlowsProps {
  at: PathScope;
  /** The page's image; where a page shows many, the address names it (`on`). */
  imageId?: string;
}

/** The new image that the address names (`with=`), so that a choice can be linked and reloaded. */
function useNewImage(): [id: string | undefined, set: (id: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const parsed = uuid.safeParse(params.get('with'));
  const set = (id: string | undefined) =>
    setParams(
      (current) => {
        const next = new URLSearchParams(current);
        if (id === undefined) next.delete('with');
        else next.set('with', id);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  return [parsed.success ? parsed.data : undefined, set];
}

/** The open flow about an image, as the address has it: mount it once on a page of images. */
export function ImageFlows({ at, imageId }: ImageFlowsProps) {
  const { dialog, on } = useDialog(names);
  const id = imageId ?? on;
  if (dialog === undefined || id === undefined) return null;
  return <OpenFlow key={`${dialog} ${id}`} at={at} imageId={id} name={dialog} />;
}

interface OpenFlowProps {
  at: PathScope;
  imageId: string;
  name: (typeof names)[number];
}

function OpenFlow({ at, imageId, name }: OpenFlowProps) {
  const { data: image, error } = useQuery(imageQuery(at, imageId));
  const [, setParams] = useSearchParams();
  const [newImageId, setNewImage] = useNewImage();
  const close = () =>
    setParams(
      (current) => {
        const next = new URLSearchParams(current);
        for (const name of ['dialog', 'on', 'with']) next.delete(name);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  if (image === undefined) {
    if (error === null) return null;
    return (
      <Dialog title="This image cannot be shown" onClose={close}>
        <ErrorNotice error={error} />
      </Dialog>
    );
  }
  if (name === 'promote') return <PromoteImage at={at} image={image} onClose={close} />;
  return (
    <ReplaceDialog
      at={at}
      image={image}
      newImageId={newImageId}
      onChoose={setNewImage}
      onClose={close}
    />
  );
}
