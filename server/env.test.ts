import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { StartError } from './database/embedded/start-error.ts';
import { type Env, parseEnv } from './env.ts';

function settings(argv: string[], environment: NodeJS.ProcessEnv = {}): Env {
  const env = parseEnv(argv, environment);
  if (env === 'help') throw new Error('usage was not asked for');
  return env;
}

describe('settings', () => {
  test('without any, Slipway listens on loopback and keeps its data in the project', () => {
    expect(settings([])).toMatchObject({
      port: 4400,
      host: '127.0.0.1',
      dataFolder: expect.stringMatching(/[\\/]data$/),
      empty: false,
      signInLink: false,
      databaseUrl: undefined,
      allowedHosts: ['localhost', '127.0.0.1', '::1'],
      secureCookies: false,
      trustProxy: false,
      logLevel: 'warn',
      room: { warnBelowMb: 1000, refuseBelowMb: 128 },
    });
  });

  test('connections keep statements unless a pooler may stand before a database of one’s own', () => {
    const own = { DATABASE_URL: 'postgresql://localhost/slipway' };
    expect(settings([]).databasePooled).toBe(false);
    expect(settings([], own).databasePooled).toBe(true);
    expect(settings([], { ...own, DATABASE_POOLED: 'false' }).databasePooled).toBe(false);
  });

  test('a flag wins over its variable, and an empty variable counts as absent', () => {
    const env = settings(['--port', '5000', '--empty'], {
      PORT: '6000',
      HOST: '',
      LOG_LEVEL: 'info',
    });
    expect(env).toMatchObject({ port: 5000, host: '127.0.0.1', empty: true, logLevel: 'info' });
  });

  test('usage is shown on request, whatever else is wrong with the environment', () => {
    expect(parseEnv(['--help'], { PORT: 'x' })).toBe('help');
  });

  test('an https public URL makes cookies Secure and its host acceptable', () => {
    const env = settings([], {
      PUBLIC_URL: 'https://Slipway.example.com/',
      ALLOWED_HOSTS: 'a.example, [::2]',
    });
    expect(env.secureCookies).toBe(true);
    expect(env.publicUrl).toBe('https://Slipway.example.com');
    expect(env.allowedHosts).toEqual(
      expect.arrayContaining(['slipway.example.com', 'a.example', '::2']),
    );
  });

  test.each([
    ['https://example.com/slipway/', 'https://example.com/slipway', '/slipway'],
    ['https://example.com/a/b-1', 'https://example.com/a/b-1', '/a/b-1'],
    ['https://example.com', 'https://example.com', ''],
  ])('a public URL may have a path: %s', (PUBLIC_URL, publicUrl, basePath) => {
    expect(settings([], { PUBLIC_URL })).toMatchObject({ publicUrl, basePath });
  });

  test.each([
    ['1', ['10.0.0.1', 0], true],
    ['1', ['10.0.0.1', 1], false],
    ['10.0.0.0/8, fd00::/8', ['10.9.9.9', 0], true],
    ['10.0.0.0/8, fd00::/8', ['::ffff:10.9.9.9', 0], true],
    ['10.0.0.0/8, fd00::/8', ['fd12::1', 3], true],
    ['10.0.0.0/8, fd00::/8', ['11.0.0.1', 0], false],
    ['10.0.0.7', ['10.0.0.8', 0], false],
    ['10.0.0.7', ['unknown', 1], false],
  ] as const)('TRUST_PROXY=%s believes %j: %s', (TRUST_PROXY, [address, hop], isBelieved) => {
    const { trustProxy } = settings([], { TRUST_PROXY });
    expect(trustProxy !== false && trustProxy(address, hop)).toBe(isBelieved);
  });

  test.each([
    ['9100', { host: '127.0.0.1', port: 9100 }],
    ['0.0.0.0:9100', { host: '0.0.0.0', port: 9100 }],
    ['[::1]:9100', { host: '::1', port: 9100 }],
  ])('METRICS_LISTEN=%s', (METRICS_LISTEN, metricsListen) => {
    expect(settings([], { METRICS_LISTEN }).metricsListen).toEqual(metricsListen);
  });

  test('TLS of its own makes cookies Secure, and wants both files and an https address', () => {
    const pair = { TLS_CERT_FILE: '/c.pem', TLS_KEY_FILE: '/k.pem' };
    expect(settings(['--host', '0.0.0.0'], pair)).toMatchObject({
      tls: { certFile: '/c.pem', keyFile: '/k.pem' },
      secureCookies: true,
      isReadable: false,
    });
    expect(() => parseEnv([], { TLS_KEY_FILE: '/k.pem' })).toThrow('set TLS_CERT_FILE as well');
    const plain = { ...pair, PUBLIC_URL: 'http://slipway.example.com' };
    expect(() => parseEnv([], plain)).toThrow('PUBLIC_URL must begin with https://');
  });

  test.each([
    [['--host', '127.0.0.2'], {}, false],
    [['--host', '::1'], {}, false],
    [['--host', '0.0.0.0'], {}, true],
    [['--host', '127.0.0.1.example.com'], {}, true],
    [['--host', '0.0.0.0'], { PUBLIC_URL: 'https://slipway.example.com' }, false],
    [['--host', '0.0.0.0'], { PUBLIC_URL: 'http://slipway.example.com' }, true],
    [['--host', '0.0.0.0'], { ALLOW_PLAIN_HTTP: 'true' }, true],
  ])(
    'whether others could read what is sent with %j and %j: %s',
    (argv, environment, isReadable) => {
      expect(settings(argv, environment).isReadable).toBe(isReadable);
    },
  );

  test('backups are made where a folder is named, and kept for longer than until the next', () => {
    expect(settings([]).backups).toBeUndefined();
    const made = settings([], { BACKUP_FOLDER: '/srv/b', BACKUP_KEY_FILE: '/k' });
    expect(made.backups).toEqual({ folder: '/srv/b', everyHours: 24, keepDays: 30 });
    expect(made.backupKeyFile).toBe('/k');
    const short = { BACKUP_FOLDER: '/srv/b', BACKUP_EVERY_HOURS: '49', BACKUP_KEEP_DAYS: '2' };
    expect(() => parseEnv([], short)).toThrow('at times there would be no backup');
  });

  test('the simulated cloud takes as long as it is told, and as usual for the rest', () => {
    expect(settings([]).simulatedTimes).toEqual({});
    const times = settings([], { SIMULATED_CLOUD_MS: 'latency=0, boot=500' }).simulatedTimes;
    expect(times).toEqual({ latencyMs: 0, bootMs: 500 });
  });

  describe('LXD', () => {
    const CLOUD = 'lxd';

    test('is spoken to only where it is chosen, on its own socket unless told otherwise', () => {
      expect(settings([], { LXD_SOCKET: '/run/lxd.socket' }).lxd).toBeUndefined();
      expect(settings([], { CLOUD }).lxd).toEqual({
        address: { socket: '/var/lib/lxd/unix.socket' },
        namePrefix: 'slipway',
      });
    });

    test('has an address with certificates, which are read from files', () => {
      const LXD_URL = 'https://lxd.example.com:8443';
      const file = fileURLToPath(new URL('../package.json', import.meta.url));
      const files = { LXD_CERT_FILE: file, LXD_KEY_FILE: file };
      const content = readFileSync(file, 'utf8');
      expect(settings([], { CLOUD, LXD_URL, ...files }).lxd?.address).toEqual({
        url: LXD_URL,
        certificate: content,
        key: content,
      });
      expect(() => parseEnv([], { CLOUD, LXD_URL })).toThrow('LXD_URL needs LXD_CERT_FILE');
      const gone = { CLOUD, LXD_URL, ...files, LXD_KEY_FILE: '/nowhere' };
      expect(() => parseEnv([], gone)).toThrow('LXD_KEY_FILE cannot be read');
      const both = { CLOUD, LXD_URL, ...files, LXD_SOCKET: '/run/lxd.socket' };
      expect(() => parseEnv([], both)).toThrow('set one of them');
    });
  });

  test('listening everywhere does not make every host name acceptable', () => {
    expect(settings(['--host', '0.0.0.0']).allowedHosts).toEqual(['localhost', '127.0.0.1', '::1']);
  });

  test.each([
    [['--port', 'http'], {}, '--port must be a whole number from 0 to 65535, not "http"'],
    [['--port', '65536'], {}, '--port must be a whole number from 0 to 65535, not "65536"'],
    [['--port', '-1'], {}, 'port'],
    [['--port'], {}, 'port'],
    [[], { PORT: '44.5' }, 'PORT must be a whole number from 0 to 65535, not "44.5"'],
    [['--host', 'no spaces'], {}, '--host must be an address or a host name, not "no spaces"'],
    [['--verbose'], {}, "Unknown option '--verbose'"],
    [['4400'], {}, "Unexpected argument '4400'"],
    [[], { LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of'],
    ...[
      'true',
      'yes',
      '10',
      '10.0.0.0/33',
      '10.0.0.0/',
      '::1/8/8',
      'proxy.example',
      '10.0.0.1,',
    ].map(
      (text) =>
        [[], { TRUST_PROXY: text }, `such as 1, not "${text}". See`] as [string[], object, string],
    ),
    [[], { PUBLIC_URL: 'slipway.example.com' }, 'PUBLIC_URL must be http:// or https://'],
    ...['?x', '#x', '/a b', '//', '/a/../b', '/%41', '/a;b', '/a"b'].map(
      (rest) =>
        [[], { PUBLIC_URL: `https://example.com${rest}` }, 'perhaps a plain path'] as [
          string[],
          object,
          string,
        ],
    ),
    [[], { METRICS_LISTEN: '0' }, 'METRICS_LISTEN must be a port, or address:port, not "0"'],
    [[], { METRICS_LISTEN: 'a b:1' }, 'METRICS_LISTEN must be a port'],
    [[], { ALLOWED_HOSTS: 'example.com:8080' }, 'ALLOWED_HOSTS must be host names'],
    [[], { SIMULATED_CLOUD_MS: 'boot' }, 'SIMULATED_CLOUD_MS must be milliseconds for some of'],
    [[], { SIMULATED_CLOUD_MS: 'reboot=1' }, 'such as latency=0,boot=500, not "reboot=1"'],
    [[], { CLOUD: 'ec2' }, 'CLOUD must be simulated or lxd, not "ec2"'],
    [[], { LXD_URL: 'http://lxd' }, 'LXD_URL must be https://, a host and perhaps a port'],
    [[], { LXD_SOCKET: 'lxd.socket' }, 'LXD_SOCKET must be an absolute path'],
    [[], { LXD_NAME_PREFIX: '1' }, 'LXD_NAME_PREFIX must be a letter'],
    [[], { MIN_FREE_MB: 'some' }, 'MIN_FREE_MB must be a whole number from 0 to 99999, not "some"'],
    [['--database-url', 'mysql://db'], {}, '--database-url must be a URL such as postgresql://'],
  ])('%j with %j is refused in one sentence', (argv, environment, message) => {
    const attempt = (): unknown => parseEnv(argv, environment);
    expect(attempt).toThrow(StartError);
    expect(attempt).toThrow(message);
  });

  test('a wrong METRICS_TOKEN is not repeated', () => {
    const start = () => parseEnv([], { METRICS_TOKEN: 'short secret' });
    expect(start).toThrow('METRICS_TOKEN must have 16 characters or more, without spaces. See');
  });

  test.each(['DATABASE_URL', 'DATABASE_OWNER_URL'])(
    'a wrong %s is not repeated, since it may hold a password',
    (name) => {
      expect(() => parseEnv([], { [name]: 'mysql://u:secret@db' })).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('secret') }),
      );
    },
  );
});

describe('mail and the webhook', () => {
  const mail = {
    SMTP_URL: 'smtps://me:p%40ss@mail.example.com',
    SMTP_FROM: 'Slipway <s@example.com>',
  };
  const hook = { WEBHOOK_URL: 'https://hooks.example.com/x', WEBHOOK_SECRET: 'sixteen or more..' };

  test('are off unless they are set', () => {
    expect(settings([])).toMatchObject({ smtp: undefined, webhook: undefined });
  });

  test('take a server, a sender, an address and a secret', () => {
    const { smtp, webhook } = settings([], { ...mail, ...hook });
    expect(smtp).toEqual({
      url: mail.SMTP_URL,
      from: { name: 'Slipway', address: 's@example.com' },
      demandsTls: false,
    });
    expect(webhook).toEqual({
      url: hook.WEBHOOK_URL,
      secret: hook.WEBHOOK_SECRET,
      allowsPrivate: false,
    });
  });

  test('demand TLS of a server elsewhere, unless told otherwise', () => {
    const demanded = (environment: NodeJS.ProcessEnv) =>
      settings([], { ...mail, ...environment }).smtp?.demandsTls;
    expect(demanded({ SMTP_URL: 'smtp://mail.example.com' })).toBe(true);
    expect(demanded({ SMTP_URL: 'smtp://mail.example.com', SMTP_REQUIRE_TLS: 'false' })).toBe(
      false,
    );
    expect(demanded({ SMTP_URL: 'smtp://127.0.0.1:2525' })).toBe(false);
  });

  test.each([
    [{ ...mail, SMTP_URL: 'http://secret-1@mail' }, /^SMTP_URL must be smtp:/],
    [{ ...mail, SMTP_FROM: 'nobody' }, /^SMTP_FROM must be a mail address/],
    [{ SMTP_URL: mail.SMTP_URL }, /^SMTP_URL needs SMTP_FROM/],
    [{ ...hook, WEBHOOK_URL: 'ftp://secret-1' }, /^WEBHOOK_URL must be http/],
    [{ ...hook, WEBHOOK_SECRET: 'secret-1' }, /^WEBHOOK_SECRET must have 16/],
    [{ WEBHOOK_URL: hook.WEBHOOK_URL }, /^WEBHOOK_URL needs WEBHOOK_SECRET/],
    [{ ...hook, WEBHOOK_ALLOW_PRIVATE: 'perhaps' }, /^WEBHOOK_ALLOW_PRIVATE must be true or false/],
  ])('%o is refused in a sentence that tells no secret', (environment, words) => {
    const start = () => settings([], environment);
    expect(start).toThrow(StartError);
    expect(start).toThrow(words);
    expect(start).not.toThrow(/secret-1/);
  });
});

describe('ways to sign in', () => {
  const oidc = { OIDC_ISSUER: 'https://login.example.com/main', OIDC_CLIENT_ID: 'slipway' };

  test('are links and passwords unless others are set', () => {
    expect(settings([])).toMatchObject({ passwords: true, provider: undefined });
    expect(settings([], { PASSWORDS: 'false' }).passwords).toBe(false);
  });

  test('take a provider, with domains in lower case', () => {
    const more = { OIDC_CLIENT_SECRET: 'x', OIDC_ALLOWED_DOMAINS: 'Example.com, example.org' };
    expect(settings([], { ...oidc, ...more }).provider).toEqual({
      issuer: oidc.OIDC_ISSUER,
      clientId: 'slipway',
      clientSecret: 'x',
      scopes: 'openid email profile',
      groupsClaim: undefined,
      label: 'your organisation',
      allowedDomains: ['example.com', 'example.org'],
      trustsEmail: false,
    });
  });

  test('take a provider without TLS on loopback alone', () => {
    const issuer = (OIDC_ISSUER: string) => () => settings([], { ...oidc, OIDC_ISSUER }).provider;
    expect(issuer('http://127.0.0.1:3000')()).toMatchObject({ issuer: 'http://127.0.0.1:3000' });
    for (const wrong of [
      'http://10.0.0.7',
      'http://login.example.com',
      'https://a@b',
      'login',
      'https://x/?y',
    ])
      expect(issuer(wrong), wrong).toThrow(/^OIDC_ISSUER must be https/);
  });

  test.each([
    [{ OIDC_ISSUER: oidc.OIDC_ISSUER }, /^OIDC_ISSUER needs OIDC_CLIENT_ID/],
    [
      { ...oidc, OIDC_CLIENT_SECRET_FILE: '/nowhere/secret' },
      /^OIDC_CLIENT_SECRET_FILE cannot be read/,
    ],
    [
      { ...oidc, OIDC_ALLOWED_DOMAINS: 'example.com, com' },
      /^OIDC_ALLOWED_DOMAINS must be domains/,
    ],
    [{ ...oidc, OIDC_SCOPES: 'email' }, /^OIDC_SCOPES must be scopes/],
    [{ ...oidc, PASSWORDS: 'no' }, /^PASSWORDS must be true or false/],
  ])('%o is refused in a sentence', (environment, words) => {
    expect(() => settings([], environment)).toThrow(StartError);
    expect(() => settings([], environment)).toThrow(words);
  });
});
