import type { Subscription } from '#contract/people/subscriptions.ts';

import { useRemoveSubscription } from '../../api/people/sign-in.ts';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';

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
    <ChangeDialog
      title="Be told of this no more?"
      confirmLabel="Remove"
      danger
      operation={remove}
      change={removal}
      onClose={onClose}
    >
      <p>{label}. What is on its way already still comes.</p>
    </ChangeDialog>
  );
}
