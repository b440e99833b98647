import { randomUUID } from 'node:crypto';

import type { Browser, Page } from '@playwright/test';
import { expect } from '@playwright/test';

import { runSlipway, signInPath } from './slipway-command.ts';

/** A name that no other test uses. */
export function uniqueName(what: string): string {
  // With a letter: digits alone would make it a version of others.
  return `${what}-a${Math.random().toString(36).slice(2, 8)}-1`;
}

/**
 * Carries out a request of the API with the page's session, and answers its `data`.
 * @param origin of a server of the test's own
 */
export async function post(
  page: Page,
  path: string,
  body: object,
  origin = '',
): Promise<Record<string, unknown>> {
  const response = await page.request.post(`${origin}/api/v1beta0/${path}`, {
    data: body,
    // What a browser proves with Sec-Fetch-Site.
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(response.ok(), `${path}: ${await response.text()}`).toBe(true);
  const { data } = (await response.json()) as { data: Record<string, unknown> };
  return data;
}

/**
 * An account with one environment of the test's own, made by somebody who may.
 * @param origin of a server of the test's own
 */
export async function createEnvironment(
  page: Page,
  origin = '',
): Promise<{ accountId: number; envId: number; accountName: string }> {
  const accountName = uniqueName('account');
  const account = await post(page, 'global/accounts/', { name: accountName }, origin);
  const accountId = Number(account['id']);
  const path = `account/${accountId}/environments/`;
  const environment = await post(page, path, { name: 'test' }, origin);
  return { accountId, envId: Number(environment['id']), accountName };
}

export interface OwnImage {
  id: string;
  name: string;
  cloudImageId: string;
}

/**
 * Registers an image in an environment.
 * @param origin of a server of the test's own
 */
export async function registerImage(
  page: Page,
  envId: number,
  members: Record<string, unknown> = {},
  origin = '',
): Promise<OwnImage> {
  const name = uniqueName('web');
  const cloudImageId = `ami-${randomUUID().replaceAll('-', '').slice(0, 17)}`;
  const body = {
    name,
    cloudImageId,
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    os: { id: 'ubuntu-24-04' },
    architecture: 'x86_64',
    scalrAgentInstalled: false,
    ...members,
  };
  const data = await post(page, `user/${envId}/images/`, body, origin);
  return { id: String(data['id']), name: String(data['name']), cloudImageId };
}

/** A role in an environment that holds the image. */
export async function createRoleWith(page: Page, envId: number, imageId: string): Promise<string> {
  const name = uniqueName('role');
  const role = await post(page, `user/${envId}/roles/`, {
    name,
    os: { id: 'ubuntu-24-04' },
    category: { id: 1 },
    useScalrAgent: false,
  });
  await post(page, `user/${envId}/roles/${String(role['id'])}/images/`, { image: { id: imageId } });
  return name;
}

/**
 * A page of somebody of the test's own, beside that of who runs it.
 * @param scope what the role is at, as the command `users create` takes it
 */
export async function openAsNew(browser: Browser, role: string, scope: string): Promise<Page> {
  const email = `${uniqueName(role)}@example.com`;
  await runSlipway('users', 'create', '--email', email, '--role', role, '--scope', scope);
  // Nobody's, or the session of the one who is signed in would end.
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto(await signInPath(email));
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  return page;
}
