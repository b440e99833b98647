import { expect, test } from './fixtures.ts';

for (const path of ['/corporate/images', '/accounts/1/images', '/environments/1/images']) {
  test(`what ${path} asks for first is fetched ahead, and only once`, async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.startsWith('/api/')) asked.push(pathname + search);
    });
    const answer = await page.goto(path);
    await expect(
      page.getByRole('table', { name: 'Versions' }).getByRole('link').first(),
    ).toBeVisible();
    // Everything is there that asks for something; in half a minute it begins to ask again.
    await expect(page.getByRole('navigation', { name: 'Main' })).toContainText('on old images');
    await expect(page.getByRole('button', { name: /^User menu/ })).toBeVisible();
    await expect(
      page.getByRole('navigation', { name: 'Pages' }).getByRole('combobox'),
    ).toBeVisible();
    const links = (await answer?.headerValue('link')) ?? '';
    const ahead = [...links.matchAll(/<([^>]+)>; rel=preload; as=fetch/g)].map(([, url]) => url);
    expect(ahead).toHaveLength(3);
    for (const url of ahead) expect(asked.filter((other) => other === url)).toEqual([url]);
    // What the page asks for in other words would be fetched twice. The next page is no first request.
    const first = asked.filter((url) =>
      /\/image-sets\/\?.*cursor=start|\/scope\/\?|\/session\//.test(url),
    );
    expect(first.toSorted((a, b) => a.localeCompare(b))).toEqual(
      ahead.toSorted((a = '', b = '') => a.localeCompare(b)),
    );
  });
}
