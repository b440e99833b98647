import { gunzipSync } from 'node:zlib';
import { apiBase } from '#contract/operations.ts';
import {
  candidateRequests,
  levelPath,
  listRequests,
  setPage,
} from '#server/testing/list-requests.ts';
import type { HttpClient } from './http.ts';
import type { Subject, Viewpoint } from './viewpoints.ts';

/** One call that is measured. */
export interface ReadRow {
  group: string;
  name: string;
  /** From the root of the server. */
  path: string;
  /** What a preview is asked with; the others are GETs. */
  body?: unknown;
  /** Another bar than that of lists, whatever the size of the estate. */
  barMs?: number;
}

/** Every call that is measured against its floor, from each viewpoint. */
export async function planReads(client: HttpClient, subject: Subject): Promise<ReadRow[]> {
  const { landmarks, viewpoints, picker, candidates } = subject;
  const rows: ReadRow[] = [];
  for (const view of viewpoints) {
    for (const { group, name, path } of [
      ...listRequests(landmarks),
      await findDeepPage(client, view),
    ])
      rows.push({
        group,
        name: `${name}: ${view.name}`,
        path: pathAt(view, path),
        ...(group === setPage && { barMs: 150 }),
      });
  }
  const outOf = `out of ${candidates.toLocaleString('en-US')}`;
  const viewpoint: Viewpoint = { name: outOf, at: picker };
  for (const { group, name, path } of candidateRequests(landmarks))
    rows.push({ group: `${group}, ${outOf}`, name, path: pathAt(viewpoint, path) });
  rows.push({ ...blockersOf(landmarks.mostUsedImage), barMs: 200 });
  return rows.toSorted((a, b) => order(a) - order(b));
  function order({ group }: ReadRow): number {
    return rows.findIndex((row) => row.group === group);
  }
}

/** Everything that stands in the way of deleting an image, seen from where it is. */
function blockersOf(imageId: string): ReadRow {
  return {
    group: 'Why an image cannot be deleted',
    name: 'the most used one',
    path: pathAt(
      { name: 'Corporate', at: { scope: 'scalr' } },
      `/images/${imageId}/actions/preview-delete/`,
    ),
    body: {},
  };
}

/** The address of something at the scope that is looked from. */
export function pathAt({ at }: Viewpoint, path: string): string {
  return apiBase + levelPath(at) + path;
}

/** The 500th page of images, 50 to a page, or the last whole one where there are fewer. */
async function findDeepPage(client: HttpClient, view: Viewpoint): Promise<ReadRow> {
  let [rows, cursor] = [0, 'start'];
  while (rows < 499 * 50) {
    const size = Math.min(100, 499 * 50 - rows);
    const path = pathAt(view, `/images/?sort=-added&maxResults=${size}&cursor=${cursor}`);
    const { body } = await client.send('GET', path);
    const { pagination } = JSON.parse(gunzipSync(body).toString()) as {
      pagination: { next: string | null };
    };
    if (pagination.next === null) break;
    rows += size;
    cursor = new URL(pagination.next, 'http://slipway').searchParams.get('cursor') ?? '';
  }
  return {
    group: 'Images',
    name: `page ${Math.floor(rows / 50) + 1} by cursor`,
    path: `/images/?sort=-added&maxResults=50&cursor=${cursor}`,
  };
}
