import { generate } from 'selfsigned';

/** A certificate for localhost and 127.0.0.1 that nobody signed but itself. @param days how long it is good for */
export async function makeCertificate({ days = 30 } = {}): Promise<{ cert: string; key: string }> {
  const notBeforeDate = new Date(Date.now() - 86_400_000);
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    notBeforeDate,
    notAfterDate: new Date(Date.now() + days * 86_400_000),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
