import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildTestApp } from '../app.ts';
import { withDatabase } from '../database.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { createKey } from '../signed-client.ts';
import { describeInShell } from './describe-in-shell.ts';
import { type Ran, runBash, slipwaySettings } from './shell.ts';

// The signing script of the automation guide, as people run it: bash, openssl and curl over a real port.

describeInShell('slipway-curl', () => {
  const database = withDatabase();
  let app: FastifyInstance;
  let tenant: Tenant;
  let settings: Record<string, string>;
  let path: string;

  beforeAll(async () => {
    app = buildTestApp(database.db);
    const url = (await app.listen({ host: '127.0.0.1', port: 0 })).replace(
      '127.0.0.1',
      'localhost',
    );
    tenant = await createTenant(database.db);
    settings = slipwaySettings(`${url}/`, await createKey(database.db, tenant.accountAdmin.email));
    path = `/account/${tenant.account.accountId}/environments/`;
  });
  afterAll(() => app.close());

  const run = (text: string, stdin = '', more: Record<string, string> = {}): Promise<Ran> =>
    runBash(text, { SLIPWAY_RETRIES: '0', ...settings, ...more, ENVIRONMENTS: path }, stdin);
  const dataOf = ({ stdout, stderr, code }: Ran) => {
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return JSON.parse(stdout).data;
  };
  const named = (name: string) => JSON.stringify({ name });

  it('reads, below /api/v1beta0 and by a whole path', async () => {
    for (const from of ['', '/api/v1beta0']) {
      const session = dataOf(await run(`slipway-curl GET ${from}/self/session/`));
      expect(session.user.email).toBe(tenant.accountAdmin.email);
    }
  });

  it('signs the path that Slipway is below, and follows its links', async () => {
    const below = buildTestApp(database.db, { env: { basePath: '/slipway' } });
    const at = await below.listen({ host: '127.0.0.1', port: 0 });
    const more = { SLIPWAY_URL: `${at.replace('127.0.0.1', 'localhost')}/slipway/` };
    for (const path of ['', '/api/v1beta0', '/slipway/api/v1beta0'])
      dataOf(await run(`slipway-curl GET ${path}/self/session/`, '', more));
    await below.close();
  });

  it.each(['?name=it%27s+%28x%29', '?pageNum=1&maxResults=5', '?name=%C3%A9%2F%26', '?name=a=b'])(
    'signs the query %s as it is sent',
    async (query) => {
      expect(Array.isArray(dataOf(await run(`slipway-curl GET "$ENVIRONMENTS${query}"`)))).toBe(
        true,
      );
    },
  );

  it('takes the body as an argument, from a file and from standard input, byte for byte', async () => {
    const names = ['argument', 'file', 'input'].map((way) => `${randomName(way)} "é" $HOME 'x'`);
    const [argument = '', file = '', input = ''] = names.map(named);
    const create = 'slipway-curl POST "$ENVIRONMENTS"';
    const ways = [
      await run(`${create} "$JSON"`, '', { JSON: argument }),
      await run(`${create} @<(printf %s "$JSON")`, '', { JSON: file }),
      await run(`${create} -`, `${input}\n`),
    ];
    expect(ways.map((ran) => dataOf(ran).name)).toEqual(names);
  });

  it('changes and deletes', async () => {
    const body = named(randomName('e'));
    const { id } = dataOf(await run('slipway-curl POST "$ENVIRONMENTS" -', body));
    const changed = `slipway-curl PATCH "$ENVIRONMENTS"${id}/ '{"status":"inactive"}'`;
    expect(dataOf(await run(changed)).status).toBe('inactive');
    expect(dataOf(await run(`slipway-curl DELETE "$ENVIRONMENTS"${id}/`))).toBeNull();
  });

  it('does the same request twice when it is asked twice, within a second too', async () => {
    const twice = 'for turn in 1 2; do slipway-curl POST "$ENVIRONMENTS" "$JSON" || true; done';
    const ran = await run(twice, '', { JSON: named(randomName('twice')) });
    expect(JSON.parse(ran.stdout).errors).toBeUndefined();
    expect(ran.stderr).toContain('UnicityViolation');
  });

  it('passes what starts with a dash to curl', async () => {
    const keyed = `slipway-curl POST "$ENVIRONMENTS" "$JSON" --include -H "Idempotency-Key: $JSON"`;
    const ran = await run(`${keyed} && ${keyed}`, '', { JSON: named(randomName('once')) });
    expect(ran.stderr).toBe('');
    expect(ran.stdout.match(/HTTP\/1.1 201/g)).toHaveLength(2);
    expect(ran.stdout.match(/idempotency-replayed: true/gi)).toHaveLength(1);
  });

  it('says on standard error what was refused, and ends with 1', async () => {
    const ran = await run('slipway-curl GET /account/999999/images/');
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('"ObjectNotFound"');
    expect(ran.stderr).toMatch(/GET \S+\/images\/ was refused with 404\n$/);
  });

  it.each([
    ['a secret that is wrong', 1, { SLIPWAY_SECRET_KEY: 'wrong' }, 'refused with 401'],
    ['a secret that is missing', 2, { SLIPWAY_SECRET_KEY: '' }, 'SLIPWAY_SECRET_KEY is not set'],
    [
      'a secret that is too long',
      2,
      { SLIPWAY_SECRET_KEY: 'x'.repeat(65) },
      'longer than 64 bytes',
    ],
    ['nobody who answers', 3, { SLIPWAY_URL: 'http://localhost:1' }, 'no answer from'],
  ])('tells %s by its exit code %i', async (_, code, variables, sentence) => {
    const ran = await run('slipway-curl GET /self/session/', '', variables);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toContain(sentence);
  });

  it.each(['GET', 'FETCH /x/', 'GET images/'])(
    'explains itself when called "%s"',
    async (words) => {
      const ran = await run(`slipway-curl ${words}`);
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain('Usage: slipway-curl');
    },
  );

  it('asks a busy server again, with the same signature', async () => {
    const signatures: unknown[] = [];
    const busy = createServer((request, reply) => {
      signatures.push(request.headers['x-scalr-signature']);
      const status = signatures.length === 1 ? 503 : 200;
      reply.writeHead(status, { 'retry-after': '0' }).end(`{"status":${status}}`);
    });
    await once(busy.listen(0, '127.0.0.1'), 'listening');
    const { port } = busy.address() as AddressInfo;
    const variables = { SLIPWAY_URL: `http://127.0.0.1:${port}`, SLIPWAY_RETRIES: '1' };
    const ran = await run('slipway-curl POST /x/', '', variables);
    busy.close();
    expect(ran).toMatchObject({ code: 0, stdout: '{"status":200}' });
    expect(signatures).toHaveLength(2);
    expect(new Set(signatures).size).toBe(1);
  });

  it('leaves no file behind, and its secret in no list of processes', async () => {
    // openssl and curl write down how they were called, and go on.
    const spied = `
      mkdir "$TMPDIR/bin"
      for tool in openssl curl; do
        printf '#!/bin/bash\\necho "$@" >>"%s"\\nexec "%s" "$@"\\n' \
          "$TMPDIR/bin/calls" "$(command -v $tool)" >"$TMPDIR/bin/$tool"
      done
      chmod +x "$TMPDIR"/bin/*
      PATH="$TMPDIR/bin:$PATH" slipway-curl GET /self/session/ >/dev/null
      cat "$TMPDIR/bin/calls"
      rm -r "$TMPDIR/bin"
      ls "$TMPDIR"`;
    const ran = await run(`TMPDIR=$(mktemp -d); export TMPDIR; ${spied}; rmdir "$TMPDIR"`);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('dgst -sha256 -binary');
    expect(ran.stdout).not.toContain(settings['SLIPWAY_SECRET_KEY']);
  });
});
