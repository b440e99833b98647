import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as EC2 has it: a form, signed for a region. */
export interface Ec2Request {
  action: string;
  form: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Whose request, and where: what is remembered is remembered there. */
  place: string;
}

export interface Ec2Answer {
  status: number;
  body: string;
  type?: string;
}

/** One call of any service. */
export interface AwsCall {
  /** Whose it is: an access key, which is another one for each role that was assumed. */
  key: string;
  region: string;
  /** As in the policies of AWS, such as `ec2:DescribeImages`. */
  action: string;
}

export function readCall(headers: IncomingHttpHeaders, body: string): AwsCall {
  const { key, region, service } = readSigned(headers);
  // Services that speak JSON name it in a header: `AmazonSSM.DescribeParameters`.
  const target = headers['x-amz-target']?.toString().split('.').at(-1);
  const action = target ?? new URLSearchParams(body).get('Action') ?? '';
  return { key, region, action: `${service}:${action}` };
}

function readSigned({ authorization = '' }: IncomingHttpHeaders) {
  const [, key = '', region = '', service = ''] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(authorization) ?? [];
  return { key, region, service };
}

/** @returns nothing for what is not signed for EC2 */
export function readRequest(headers: IncomingHttpHeaders, body: string): Ec2Request | undefined {
  const form = new URLSearchParams(body);
  const { key, region, service } = readSigned(headers);
  if (service !== 'ec2') return undefined;
  return { action: form.get('Action') ?? '', form, headers, place: `${key} ${region}` };
}

/** The same request with another action or other parameters. */
export function changed(
  request: Ec2Request,
  action: string,
  parameters: Record<string, string>,
): Ec2Request {
  const form = new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters });
  return { ...request, action, form };
}

export function refusal(code: string, message: string, status = 400): Ec2Answer {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const body = `<?xml version="1.0"?><Response><Errors>${error}</Errors><RequestID>${randomUUID()}</RequestID></Response>`;
  return { status, body };
}

export function answerOf(action: string, members: string): Ec2Answer {
  const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';
  const inner = `<requestId>${randomUUID()}</requestId>${members}`;
  return {
    status: 200,
    body: `<${action}Response xmlns="${namespace}">${inner}</${action}Response>`,
  };
}

/** Each value of an element, once, in order. */
export function valuesOf({ body }: Ec2Answer, element: string): string[] {
  const found = body.matchAll(new RegExp(`<${element}>([^<]+)</${element}>`, 'g'));
  return [...new Set([...found].map(([, value = '']) => value))];
}
