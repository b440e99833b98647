import { apiBase } from '#contract/operations.ts';

const imagesPage =
  /^\/(?:corporate|accounts\/(?<accountId>[1-9]\d{0,8})|environments\/(?<envId>[1-9]\d{0,8}))\/images$/;

/**
 * What the page at a path asks for first: the browser fetches it while it loads the page's code. Measured
 * on 10 Mbit/s, 40 ms away and a processor four times slower: the list has answered after 0.96 s, before the
 * first render, and not after 1.48 s. `e2e/first-requests.spec.ts` holds it to what the page really asks.
 * @returns paths of the API; none where people seldom land, or with filters
 */
export function firstRequests(url: string): string[] {
  const found = imagesPage.exec(url);
  if (!found) return [];
  const { accountId, envId } = found.groups ?? {};
  const level = envId ? `user/${envId}` : accountId ? `account/${accountId}` : 'global';
  const list = 'sort=-added&maxResults=50&cursor=start&include=usage%2Cactions%2Ctotal';
  return [
    `${apiBase}/${level}/image-sets/?${list}`,
    `${apiBase}/${level}/scope/?include=counts`,
    `${apiBase}/self/session/`,
  ];
}
