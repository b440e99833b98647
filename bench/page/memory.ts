import { paths } from '../../src/util/paths.ts';
import type { Visit } from './flows.ts';
import { usedHeapKb } from './tab.ts';

const navigations = 200;
const every = 20;
/** The same pages again and again, so that what is kept of a page does not count as growth. */
const rowsVisited = 5;
/** Each of them has been seen by then. */
const warmUp = 60;

/** Walks through the page by its links, and tells the used heap in kB after each 20 navigations. */
async function walk({ tab, at }: Visit): Promise<{ at: number; kb: number }[]> {
  const { page } = tab;
  await page.goto(paths.images(at));
  const samples: { at: number; kb: number }[] = [];
  const sections = ['Images', 'Roles', 'Farms', 'Usage'];
  for (let done = 1; done <= navigations; done += 1) {
    const section = sections[Math.floor(done / 2) % sections.length] ?? 'Images';
    if (done % 2 === 1) {
      await page
        .getByRole('navigation')
        .getByRole('link', { name: new RegExp(`^${section}`) })
        .first()
        .click();
      await page.locator('table[aria-busy="false"] tbody tr[data-key]').first().waitFor();
    } else {
      await page
        .locator('tbody tr[data-key] td[data-name] a')
        .nth(Math.floor(done / 8) % rowsVisited)
        .click();
      await page.locator('main h1').first().waitFor();
    }
    if (done % every === 0) samples.push({ at: done, kb: await usedHeapKb(tab) });
  }
  return samples;
}

/** The slope of the line that fits best. */
function slopeOf(points: readonly { at: number; kb: number }[]): number {
  const mean = (of: (point: { at: number; kb: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanAt, meanKb] = [mean((point) => point.at), mean((point) => point.kb)];
  return (
    mean((point) => (point.at - meanAt) * (point.kb - meanKb)) /
    mean((point) => (point.at - meanAt) ** 2)
  );
}

/** How the heap grows while somebody walks through 200 pages: in kB a navigation, and its size in MB. */
export async function growthOfHeap(
  visit: Visit,
): Promise<{ kbPerNavigation: number; mb: number[] }> {
  const samples = await walk(visit);
  return {
    kbPerNavigation: slopeOf(samples.filter(({ at }) => at >= warmUp)),
    mb: samples.map(({ kb }) => Math.round(kb / 102.4) / 10),
  };
}
