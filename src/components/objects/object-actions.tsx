import type { ComponentType, ReactNode } from 'react';
import type { Verdict } from '#contract/actions.ts';

import type { EachChange } from '../../api/each.ts';
import type { PathScope } from '../../util/paths.ts';
import type { LazyPart } from '../../util/lazy-part.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import type { ActionItem } from '../actions/ActionMenu.tsx';

/** What a dialog about one object is given. */
export interface ObjectDialogProps<T> {
  at: PathScope;
  object: T;
  onClose: () => void;
  /** After the object has gone from where it is shown. */
  onGone?: (() => void) | undefined;
}

/** What a dialog about several objects at once is given. */
export interface TogetherDialogProps<T> {
  at: PathScope;
  objects: readonly T[];
  onClose: () => void;
}

/** Everything that the page knows of one thing that can be done with an object. */
export interface ObjectAction<T> {
  label: string;
  icon: ComponentType<{ size: number; 'aria-hidden': true }>;
  /** Whether it is possible, as the server says. */
  verdict: (object: T) => Verdict | undefined;
  /** Why it has nothing to do for an object, whatever the rights: its menu leaves it out then. */
  pointless?: (object: T) => string | undefined;
  /**
   * Where the object is used, the dialog can be opened all the same: it lists everything in the way,
   * which one sentence in a menu cannot.
   */
  explainsUse?: boolean;
  danger?: boolean;
  /** Draws a line above it in menus. */
  startsGroup?: boolean;
  /** Its place in the bar of the object's page, from the left; the last one is the main one. */
  bar?: number;
  /** Asks for what its dialog asks for beside the object. */
  askAhead?: (at: PathScope, object: T) => void;
  /** Forms and their checks are only there when one is opened, or about to be. */
  dialog?: LazyPart<ObjectDialogProps<T>>;
  /** The page that it is done on, in place of a dialog. */
  to?: (at: PathScope, object: T) => string;
  /** How it is done with many objects at once. */
  bulk?: {
    /** What has happened to one of them. */
    done: string;
    /** What it means, as the dialog says it. */
    meaning: string;
    /** Each of them is a server that ends: of many, the number is typed. */
    endsServers?: true;
    changeOf: (at: PathScope, object: T) => EachChange;
  };
  /** The dialog that does it with many objects in one change. */
  together?: LazyPart<TogetherDialogProps<T>>;
}

/** What can be done with many objects at once. */
export type BulkAction<T> = ObjectAction<T> & Required<Pick<ObjectAction<T>, 'bulk'>>;

/** The actions on one kind of object by the names that the address has for their dialogs, in the order of a menu. */
export type ObjectActions<T> = Readonly<Record<string, ObjectAction<T>>>;

/** A kind of object: all that menus, the bar, bulk actions and dialogs about it follow from. */
export interface ObjectKind<T> {
  /** In the singular. */
  noun: string;
  /** Reads one object with the verdicts on it. */
  useRead: (at: PathScope, id: string) => { data: T | undefined; error: Error | null };
  /** Asks for one object, so that reading it is no wait. */
  askAhead: (at: PathScope, object: T) => void;
  actions: ObjectActions<T>;
}

export function iconOf({ icon: Icon }: Pick<ObjectAction<never>, 'icon'>, size = 16): ReactNode {
  return <Icon size={size} aria-hidden />;
}

function disabledReason<T>(action: ObjectAction<T>, object: T): string | undefined {
  const verdict = action.verdict(object);
  return action.explainsUse === true && verdict?.code === 'ObjectInUse'
    ? undefined
    : reasonAgainst(verdict);
}

type Shown = Pick<ObjectAction<never>, 'label' | 'icon' | 'danger' | 'startsGroup'>;

/** An action as a menu and a bar show it. */
export function itemOf(
  id: string,
  action: Shown,
  reasonAgainstIt: string | undefined,
  onSelect: () => void,
  onIntent?: () => void,
): ActionItem {
  return {
    id,
    label: action.label,
    icon: iconOf(action),
    danger: action.danger ?? false,
    startsGroup: action.startsGroup ?? false,
    disabledReason: reasonAgainstIt,
    onSelect,
    onIntent,
  };
}

/**
 * What can be done with an object, in the order of a menu. `open` shows the dialog of that name. Once
 * somebody is about to open it, its code, the object and what else it asks for are fetched at once.
 */
export function actionItems<T>(
  kind: ObjectKind<T>,
  at: PathScope,
  object: T,
  open: (dialog: string) => void,
): ActionItem[] {
  const fetchAhead = (action: ObjectAction<T>) => {
    action.dialog?.fetchAhead();
    kind.askAhead(at, object);
    action.askAhead?.(at, object);
  };
  return Object.entries(kind.actions)
    .filter(([, action]) => action.pointless?.(object) === undefined)
    .map(([id, action]) => ({
      ...itemOf(
        id,
        action,
        disabledReason(action, object),
        () => open(id),
        () => fetchAhead(action),
      ),
      ...(action.to && { to: action.to(at, object), onSelect: undefined }),
    }));
}
