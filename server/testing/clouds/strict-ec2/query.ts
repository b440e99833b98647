import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as EC2 and Auto Scaling have it: a form, signed for a region. */
export interface Ec2Request {
  service: 'ec2' | 'autoscaling';
  action: string;
  form: URLSearchParams;
  /** Sent in its place, to services that speak JSON. */
  json?: string;
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

/** @returns nothing for what is signed for another service */
export function readRequest(headers: IncomingHttpHeaders, body: string): Ec2Request | undefined {
  const form = new URLSearchParams(body);
  const { key, region, service } = readSigned(headers);
  if (service !== 'ec2' && service !== 'autoscaling') return undefined;
  return { service, action: form.get('Action') ?? '', form, headers, place: `${key} ${region}` };
}

const versions = { ec2: '2016-11-15', autoscaling: '2011-01-01' };

/** Another request of whoever sent one, with another action and other parameters, perhaps to the other service. */
export function changed(
  request: Ec2Request,
  action: string,
  parameters: Record<string, string>,
  service = request.service,
): Ec2Request {
  const form = new URLSearchParams({ Action: action, Version: versions[service], ...parameters });
  const { authorization = '', ...others } = request.headers;
  const scope = authorization.replace(`/${request.service}/aws4_`, `/${service}/aws4_`);
  return { ...request, service, headers: { ...others, authorization: scope }, action, form };
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

/** A refusal as Auto Scaling words it. */
export function groupRefusal(code: string, message: string): Ec2Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return {
    status: 400,
    body: `<ErrorResponse xmlns="${ofGroups}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  };
}

const ofGroups = 'http://autoscaling.amazonaws.com/doc/2011-01-01/';

export function groupAnswer(action: string, members: string): Ec2Answer {
  const result = `<${action}Result>${members}</${action}Result>`;
  const end = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return {
    status: 200,
    body: `<${action}Response xmlns="${ofGroups}">${result}${end}</${action}Response>`,
  };
}

/** What stands below a name of a form, as elements: `A.B.member.1=x` is `<B><member>x</member></B>` below `A`. */
export function elementsBelow(form: URLSearchParams, name: string): string {
  const children = new Map<string, string>();
  for (const [key, value] of form) {
    if (key === name) return value;
    if (!key.startsWith(`${name}.`)) continue;
    const [child = ''] = key.slice(name.length + 1).split('.');
    children.set(child, elementsBelow(form, `${name}.${child}`));
  }
  // Places in a list are numbered in forms, and not among elements.
  return [...children]
    .map(([child, inner]) =>
      /^\d+$/.test(child) ? `<member>${inner}</member>` : inElement(child, inner),
    )
    .join('')
    .replaceAll('<member><member>', '<member>')
    .replaceAll('</member></member>', '</member>');
}

function inElement(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}
