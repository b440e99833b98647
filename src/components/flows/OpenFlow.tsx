import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { uuid } from '#contract/fields.ts';

import { imageQuery } from '../../api/images.ts';
import type { PathScope } from '../../util/paths.ts';
import { Dialog } from '../dialogs/Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

import type { FlowName } from './FlowDialogs.tsx';
import { NewVersionDialog } from './NewVersionDialog.tsx';
import { PromoteImage } from './PromoteDialogs.tsx';
import { ReplaceDialog } from './ReplaceDialog.tsx';

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

interface OpenFlowProps {
  at: PathScope;
  imageId: string;
  name: FlowName;
}

/** One flow about one image, which it reads first. */
export function OpenFlow({ at, imageId, name }: OpenFlowProps) {
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
  const goOnToReplace = () =>
    setParams(
      (current) => {
        const next = new URLSearchParams(current);
        next.set('dialog', 'replace' satisfies FlowName);
        return next;
      },
      { preventScrollReset: true },
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
  const parts = { at, image, newImageId, onChoose: setNewImage, onClose: close };
  if (name === 'replace') return <ReplaceDialog {...parts} />;
  return <NewVersionDialog {...parts} onReplace={goOnToReplace} />;
}
