import { Button, Loader, VisuallyHidden } from '@mantine/core';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { tip } from '../tip.ts';

export interface ActionButtonProps {
  children: ReactNode;
  /** Why it cannot be done now and what to do: keeps the button focusable and explains itself. */
  disabledReason?: string | undefined;
  onClick?: (() => void) | undefined;
  /** Somebody points at it, focuses or presses it: what it needs can be fetched ahead. */
  onIntent?: (() => void) | undefined;
  /** Makes it a link, so that it opens in a new tab as well. */
  to?: string | undefined;
  type?: 'button' | 'submit';
  variant?: 'filled' | 'default' | 'subtle';
  danger?: boolean;
  /** The action is under way: a spinner, and further clicks do nothing. Keeps the focus. */
  pending?: boolean;
  icon?: ReactNode;
  size?: 'xs' | 'sm';
  /** Takes the focus when the dialog around it opens. */
  startsFocused?: boolean;
  /** Id of the form that a submit button outside of it belongs to. */
  form?: string | undefined;
}

/** A button that says why when it is impossible. Never uses the `disabled` attribute. */
export function ActionButton(props: ActionButtonProps) {
  const { children, disabledReason, to } = props;
  const reasonId = useId();
  const look = lookOf(props);
  if (to !== undefined && disabledReason === undefined) {
    return (
      <Button {...look} component={Link} to={to}>
        {children}
      </Button>
    );
  }
  // One element for what is possible and what is not: it keeps the focus when that changes.
  const act = disabledReason === undefined ? actOf(props) : refusalOf(disabledReason, reasonId);
  return (
    <>
      <Button {...look} {...act}>
        {children}
      </Button>
      {disabledReason !== undefined && (
        <VisuallyHidden id={reasonId}>{disabledReason}</VisuallyHidden>
      )}
    </>
  );
}

function actOf({ type = 'button', form, pending = false, onClick, onIntent }: ActionButtonProps) {
  return {
    type: pending ? 'button' : type,
    form,
    'aria-disabled': pending,
    'aria-busy': pending,
    onClick: pending ? undefined : onClick,
    onPointerEnter: onIntent,
    onPointerDown: onIntent,
    onFocus: onIntent,
  };
}

function refusalOf(reason: string, reasonId: string) {
  return {
    ...tip(reason),
    c: undefined,
    type: 'button' as const,
    'data-disabled': true,
    'aria-disabled': true,
    'aria-describedby': reasonId,
  };
}

function lookOf({ variant, size, icon, danger, pending, startsFocused }: ActionButtonProps) {
  return {
    variant: variant ?? 'default',
    size: size ?? 'sm',
    leftSection: pending === true ? <Loader size={14} color="currentcolor" /> : icon,
    ...(danger === true ? { color: 'red' } : {}),
    ...(danger === true && variant !== 'filled' ? { c: 'var(--sw-danger)' } : {}),
    ...(startsFocused === true ? { 'data-autofocus': true } : {}),
  };
}
