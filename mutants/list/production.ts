import type { Mutant } from '../mutant.ts';

/** How it is run: TLS, who may read what machines ask for, the log, and backups. */
export const production: readonly Mutant[] = [
  {
    defect: 'a key of another certificate is taken',
    file: 'server/start/certificate.ts',
    find: 'if (!new X509Certificate(cert).checkPrivateKey(secret))',
    replace: 'if (cert === key)',
    test: 'server/start/certificate.test.ts',
    name: 'with the key of another is not taken',
  },
  {
    defect: 'a new certificate is read and not served',
    file: 'server/start/certificate.ts',
    find: 'server.setSecureContext(pair)',
    replace: 'void server',
    test: 'server/start/certificate.test.ts',
    name: 'is taken at once on SIGHUP',
  },
  {
    defect: 'Slipway listens for others without TLS unasked',
    file: 'server/listen.ts',
    find: 'if (!isReadable || allowsPlainHttp) return;',
    replace: 'if (!isReadable || !allowsPlainHttp) return;',
    test: 'server/start/certificate.test.ts',
    name: 'without TLS off loopback, unless that is on purpose',
  },
  {
    defect: 'metrics are for everybody who shows any token',
    file: 'server/http/metrics.ts',
    find: 'timingSafeEqual(hash(given), hash(token))',
    replace: "given !== '' || timingSafeEqual(hash(given), hash(token))",
    test: 'server/http/probes.test.ts',
    name: 'are for those alone who show the token',
  },
  {
    defect: 'the log has what stands in a query',
    file: 'server/http/log.ts',
    find: "path: url.split('?', 1)[0] ?? '',",
    replace: 'path: url,',
    test: 'server/http/log.test.ts',
    name: 'no secret is in it',
  },
  {
    defect: 'the checksum of a backup is not compared',
    file: 'server/database/backup/archive.ts',
    find: 'if (!hash.digest().equals(rest))',
    replace: 'if (hash.digest().equals(rest) && rest.length === 0)',
    test: 'server/cli/backup.test.ts',
    name: 'with one bit flipped anywhere is refused',
  },
  {
    defect: 'backups are deleted as soon as there is a newer one',
    file: 'server/database/backup/shelf.ts',
    find: '> days * dayMs',
    replace: '> days',
    test: 'server/cli/backups.test.ts',
    name: 'keeps each for so many days',
  },
  {
    defect: 'a backup is made at every look',
    file: 'server/fleet/backups.ts',
    find: 'if (age < everyHours * hourMs) return;',
    replace: 'if (age < 0) return;',
    test: 'server/cli/backups.test.ts',
    name: 'makes a backup when the newest is old enough',
  },
];
