import type { Locator, Page, Request } from '@playwright/test';
import { expect } from '@playwright/test';

import { runBash } from '../server/testing/automation/shell.ts';

import { runSlipway } from './slipway-command.ts';

/** The lines that a dialog or a form shows for a tool. */
export async function commandOf(within: Locator, tool: 'scalr-ctl' | 'curl'): Promise<string> {
  const tab = within.getByRole('tab', { name: tool });
  if (!(await tab.isVisible())) await within.getByText('As command', { exact: true }).click();
  await tab.click();
  return (await within.getByRole('tabpanel').locator('code').textContent()) ?? '';
}

/** What bash makes of text that somebody pastes into it. @returns what it printed */
export async function paste(text: string, variables: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await runBash(text, variables);
  expect(code, `${text}\n${stderr}`).toBe(0);
  return stdout;
}

const configure = `mkdir ~/.scalr && cat >~/.scalr/default.yaml <<END
API_SCHEME: http
API_HOST: \${SLIPWAY_URL#http://}
API_KEY_ID: $SLIPWAY_KEY_ID
API_SECRET_KEY: $SLIPWAY_SECRET_KEY
GLOBAL_SCOPE_API_KEY_ID: $SLIPWAY_KEY_ID
GLOBAL_SCOPE_API_SECRET_KEY: $SLIPWAY_SECRET_KEY
END
`;

/** A terminal of somebody who has both tools and a key: what is pasted there must go well. */
export async function openTerminal(page: Page, email: string) {
  const name = ['--name', 'terminal', '--json'];
  const printed = await runSlipway('keys', 'create', '--user', email, ...name);
  const { keyId, secretKey } = JSON.parse(printed) as { keyId: string; secretKey: string };
  const settings = {
    SLIPWAY_URL: new URL(page.url()).origin,
    SLIPWAY_KEY_ID: keyId,
    SLIPWAY_SECRET_KEY: secretKey,
  };
  return (text: string) => paste(configure + text, settings);
}

interface Sent {
  method: string;
  path: string;
  body: string | null;
  ifMatch: string | undefined;
}

/** The requests that lines of curl are, as bash reads them. */
async function shownRequests(lines: string): Promise<Sent[]> {
  const spy = `slipway-curl() { printf '%s\\0' "$@"; echo; }`;
  const printed = await paste(`${spy}\n${lines}`);
  return printed
    .split('\0\n')
    .slice(0, -1)
    .map((call) => {
      const [method = '', path = '', ...rest] = call.split('\0');
      const header = rest.indexOf('--header');
      const body = header === 0 ? undefined : rest[0];
      const ifMatch = header < 0 ? undefined : rest[header + 1]?.replace('If-Match: ', '');
      return { method, path, body: body ?? null, ifMatch };
    });
}

function sentBy(request: Request): Sent {
  const { pathname, search } = new URL(request.url());
  return {
    method: request.method(),
    path: pathname.replace('/api/v1beta0', '') + search,
    body: request.postData(),
    ifMatch: request.headers()['if-match'],
  };
}

const isChange = (request: Request) =>
  request.method() !== 'GET' && !request.url().includes('/actions/preview-');

/** Carries out what a dialog or a form is about, and fails unless it sends what it has shown. */
export async function expectSent(page: Page, within: Locator, submit: RegExp): Promise<void> {
  const shown = await shownRequests(await commandOf(within, 'curl'));
  const sent: Sent[] = [];
  const note = (request: Request) => {
    if (isChange(request)) sent.push(sentBy(request));
  };
  page.on('request', note);
  await within.getByRole('button', { name: submit }).click();
  await expect.poll(() => sent).toEqual(shown);
  page.off('request', note);
}
