import { schemaResolver, useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Image } from '#contract/images/images.ts';

import { useTryImage, useTryImageSet } from '../../api/image-tries.ts';
import { imagesOfSetQuery } from '../../api/image-sets.ts';
import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { announce } from '../../util/announce.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { blockerLink } from '../blocker-link.tsx';
import { Dialog } from '../dialogs/Dialog.tsx';
import { FormDialog } from '../dialogs/FormDialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { focusFirst, useFormChange } from '../forms/use-form-change.ts';
import type { ObjectDialogProps } from '../objects/object-actions.tsx';
import type { SetDialogProps } from '../versions/set-dialog.ts';

import { bodyOf, fieldOf, trySchema } from './try-form.ts';
import type { TryValues } from './try-form.ts';
import { TryFields } from './TryFields.tsx';
import { useTryStart } from './use-try-start.ts';

/** Launches a first server of an image, before it is published. */
export function TryImage({ at, object: image, onClose }: ObjectDialogProps<Image>) {
  const operation = useTryImage(at);
  const images = [image];
  const start = useTryStart(at, { name: image.name, of: { image: image.id }, images });
  if (start === undefined) return null;
  return (
    <TryDialog
      {...{ at, operation, images, start, onClose }}
      name={image.name}
      reason={reasonAgainst(image.actions?.try)}
      change={(values) =>
        operation.change({
          params: { imageId: image.id },
          body: bodyOf(images, values),
          ifMatch: image.version,
        })
      }
      next={paths.image(at, image.id)}
    />
  );
}

/** Launches a first server of a version, in one of its places. */
export function TryImageSet({ at, object: set, images: chosen, onClose }: SetDialogProps) {
  const operation = useTryImageSet(at);
  const answer = useQuery(imagesOfSetQuery(at, String(set.id)));
  const images = answer.data?.data.filter(({ id }) => chosen?.includes(id) ?? true);
  const of = { imageSet: String(set.id) };
  const start = useTryStart(at, { name: set.name, of, images });
  if (answer.error !== null && images === undefined)
    return (
      <Dialog title={`Try ${set.name}`} onClose={onClose}>
        <ErrorNotice error={answer.error} onRetry={() => void answer.refetch()} />
      </Dialog>
    );
  if (images === undefined || start === undefined) return null;
  return (
    <TryDialog
      {...{ at, operation, images, start, onClose }}
      name={set.name}
      reason={reasonAgainst(set.actions?.try)}
      change={(values) =>
        operation.change({
          params: { imageSetId: set.id },
          body: { ...bodyOf(images, values), image: { id: values.imageId } },
          ifMatch: set.version,
        })
      }
      next={paths.imageSet(at, set.id)}
    />
  );
}

interface TryDialogProps<Id extends 'imageTry' | 'imageSetTry'> {
  at: PathScope;
  operation: Operation<Id>;
  change: (values: TryValues) => Change<Id>;
  name: string;
  images: readonly Image[];
  start: TryValues;
  /** Why it cannot be tried here. */
  reason: string | undefined;
  /** The page that then shows the server. */
  next: string;
  onClose: () => void;
}

function TryDialog<Id extends 'imageTry' | 'imageSetTry'>(props: TryDialogProps<Id>) {
  const { at, operation, images, start, next } = props;
  const navigate = useNavigate();
  const form = useForm<TryValues>({
    initialValues: start,
    validate: schemaResolver(trySchema(images), { sync: true }),
    validateInputOnBlur: true,
  });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: props.change,
    fieldOf,
    onDone: ({ data }) => {
      announce(`A server of ${props.name} starts in farm ${data.farm.name}.`);
      void navigate(next, { replace: true });
    },
  });
  return (
    <FormDialog
      title={`Try ${props.name}`}
      submitLabel="Launch a server"
      {...sending}
      disabledReason={props.reason}
      onSubmit={form.onSubmit(submit, (errors) => focusFirst(form, Object.keys(errors)))}
      onClose={props.onClose}
      renderBlocker={blockerLink(at)}
      startsOnSubmit
    >
      <p>
        A server to test it on, before others get it. What others run stays as it is; promote the
        image once it has proved itself.
      </p>
      <TryFields {...{ at, form, images }} />
    </FormDialog>
  );
}
