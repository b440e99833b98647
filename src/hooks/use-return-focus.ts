import { useEffect } from 'react';

/** The control that opened what holds the focus: of a menu item, the button that names its menu. */
function openerOf(element: Element | null): HTMLElement | undefined {
  if (!(element instanceof HTMLElement) || element === document.body) return undefined;
  const panel = element.closest('[role="menu"], [role="dialog"]');
  const button = document.getElementById(panel?.getAttribute('aria-labelledby') ?? '');
  // A dialog of its own is named by its title instead.
  return button?.ariaHasPopup == null ? element : button;
}

/** The dialog in front, or the page. */
function whatIsLeft(): Element | null {
  const dialogs = document.querySelectorAll('[role="dialog"][aria-modal="true"]');
  return [...dialogs].at(-1) ?? document.querySelector('main');
}

/**
 * Gives the focus back to where it was when this component appeared, once it has gone. Where that
 * place is gone too (a deleted row), the dialog that is still open or else the page's main part takes it, so
 * that it is never lost.
 */
export function useReturnFocus(): void {
  useEffect(() => {
    const opener = openerOf(document.activeElement);
    return () => {
      window.setTimeout(() => {
        const { activeElement } = document;
        if (activeElement !== null && activeElement !== document.body) return;
        const target = opener?.isConnected === true ? opener : whatIsLeft();
        if (target instanceof HTMLElement) target.focus({ preventScroll: true });
      });
    };
  }, []);
}
