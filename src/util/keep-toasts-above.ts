/**
 * Keeps what is announced above a bar at the bottom of the page, however many lines its buttons take
 * (components/Toaster.module.css). To be used as its `ref`.
 * @returns how to give that room back
 */
export function keepToastsAbove(bar: HTMLElement): () => void {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() =>
    style.setProperty('--sw-bar-height', `${bar.offsetHeight}px`),
  );
  observer.observe(bar);
  return () => {
    observer.disconnect();
    style.removeProperty('--sw-bar-height');
  };
}
