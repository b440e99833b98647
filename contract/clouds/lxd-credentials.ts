import { bounded, line } from '../fields.ts';

const pem = bounded(20_000, 1);
const url = bounded(500).regex(
  /^https:\/\/[^/?#\s@]+\/?$/,
  'must be https://, a host and perhaps a port, such as https://lxd.example.com:8443',
);
const socket = line(100, 1).regex(/^\//, 'must be an absolute path');

/** What credentials of LXD have beside the members of all: docs/domain.md, "Cloud credentials". */
export const lxdMembers = {
  socket: socket.nullable(),
  url: url.nullable(),
  clientCertificate: pem.nullable(),
  serverCertificate: pem.nullable(),
};

/** Sent and never answered. */
export const lxdSecrets = { clientKey: pem };
