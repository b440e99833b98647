import type { Subscription } from '#contract/people/subscriptions.ts';

import { useRemoveSubscription } from '../../api/people/sign-in.ts';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';

interface RemoveSubscriptionProps {
  subscription: Subscription;
  label: string;
  onClose: () => void;
}

export function RemoveSubscription({ subscription, label, onClose }: RemoveSubscriptionProps) {
  const remove = useRemoveSubscription();
  const { id: subscriptionId, version: ifMatch } = subscription;
  const removal = remove.change({ params: { subscriptionId }, ifMatch });
  return (
    <ConfirmDialog
      title="Be told of this no more?"
      confirmLabel="Remove"
      danger
      pending={remove.isPending}
      error={remove.error}
      changes={[removal]}
      onConfirm={() => remove.mutate(removal, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{label}. What is on its way already still comes.</p>
    </ConfirmDialog>
  );
}
