import { request as plain } from 'node:http';
import { request as secure } from 'node:https';

// Exits with 0 if the Slipway of this container answers /livez where PROBES_LISTEN or PORT says, else with 1.
const port = (process.env.PROBES_LISTEN ?? process.env.PORT ?? '4400').split(':').at(-1);
const ask = process.env.TLS_CERT_FILE ? secure : plain;
// The certificate is for the name that people use, not for this address.
const options = {
  host: '127.0.0.1',
  port,
  path: '/livez',
  timeout: 2_000,
  rejectUnauthorized: false,
};
ask(options, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
  .end();
