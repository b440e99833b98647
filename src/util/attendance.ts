/** What a page does within so long of a touch is somebody's doing; later it is the page's own. */
const attendedMs = 60_000;

let touchedAt = performance.now();

// Where there is no window, there is nobody to touch it.
if (typeof window !== 'undefined')
  for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'])
    window.addEventListener(
      event,
      () => {
        touchedAt = performance.now();
      },
      { capture: true, passive: true },
    );

/** Whether somebody is at the page: what it reads by itself meanwhile does not count as use of the session. */
export function isAttended(): boolean {
  return performance.now() - touchedAt < attendedMs;
}
