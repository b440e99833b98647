import type { PathScope } from '../../util/paths.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useOfferActions } from '../../hooks/page-actions.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { ActionMenu } from '../actions/ActionMenu.tsx';

import { actionItems } from './object-actions.tsx';
import type { ObjectKind } from './object-actions.tsx';

interface ObjectBarProps<T> {
  kind: ObjectKind<T>;
  at: PathScope;
  object: T;
  /** What it is called. */
  name: string;
}

/** What can be done with the page's object: a button each for those that have a place in the bar, the rest in a menu. */
export function ObjectBar<T>({ kind, at, object, name }: ObjectBarProps<T>) {
  const { open } = useDialog(Object.keys(kind.actions));
  const items = actionItems(kind, at, object, open);
  useOfferActions(() =>
    items.map((item) => ({
      ...item,
      id: `page ${item.id}`,
      label: `${item.label}: ${name}`,
    })),
  );
  const placeOf = (id: string) => kind.actions[id]?.bar ?? 0;
  const buttons = items
    .filter(({ id }) => placeOf(id) > 0)
    .toSorted((a, b) => placeOf(a.id) - placeOf(b.id));
  return (
    <>
      <ActionMenu
        label={`More actions for ${name}`}
        text="More"
        actions={() => items.filter(({ id }) => placeOf(id) === 0)}
      />
      {buttons.map((action) => (
        <ActionButton
          key={action.id}
          icon={action.icon}
          variant={action === buttons.at(-1) && !action.danger ? 'filled' : 'default'}
          danger={action.danger === true}
          to={action.to}
          disabledReason={action.disabledReason}
          onClick={action.onSelect}
          onIntent={action.onIntent}
        >
          {action.label}
        </ActionButton>
      ))}
    </>
  );
}
