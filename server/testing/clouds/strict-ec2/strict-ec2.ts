import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type AwsCall,
  type Ec2Answer,
  type Ec2Request,
  groupRefusal,
  readCall,
  readRequest,
  refusal,
} from './query.ts';
import { resolvePointers } from './pointers.ts';
import { refreshGroups } from './refreshes.ts';
import {
  deleteSnapshots,
  demandImage,
  deprecateImages,
  inPages,
  type Pass,
  rememberTokens,
  type Rule,
} from './rules.ts';

/** EC2 as strict as the real one, in front of moto, which is lenient and lacks some of it. */
export interface StrictEc2 {
  url: string;
  /** The next so many calls to EC2 are refused, since it was asked too often. */
  throttle(calls: number): void;
  /** Calls of these names are refused from now on, for want of a right. */
  deny(...actions: string[]): void;
  /** How often each call of EC2 was made. */
  counts: ReadonlyMap<string, number>;
  /** Every call so far, those of the other services too. */
  calls: readonly AwsCall[];
  close(): Promise<void>;
}

/** @param moto where it is */
export async function startStrictEc2(moto: string): Promise<StrictEc2> {
  let throttled = 0;
  let denied = new Set<string>();
  const counts = new Map<string, number>();
  const calls: AwsCall[] = [];
  const guard: Rule = async (request, pass) => {
    const { action } = request;
    counts.set(action, (counts.get(action) ?? 0) + 1);
    if (throttled > 0) {
      throttled--;
      return isThrottled(request);
    }
    return denied.has(action) ? isDenied(request) : pass(request);
  };
  const rules = [
    guard,
    rememberTokens(),
    demandImage,
    inPages,
    deprecateImages(),
    deleteSnapshots,
    refreshGroups(),
    resolvePointers(),
  ];
  const answer = rules.reduceRight<Pass>(
    (pass, rule) => (request) => rule(request, pass),
    ({ headers, form, json }) => ask(moto, headers, json ?? form.toString()),
  );
  const server = createServer((request, response) => {
    void serve(request, { moto, answer, calls }).then(({ status, body, type = 'text/xml' }) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    throttle: (calls) => void (throttled = calls),
    deny: (...actions) => void (denied = new Set(actions)),
    counts,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Behind {
  moto: string;
  answer: Pass;
  calls: AwsCall[];
}

async function serve(
  request: IncomingMessage,
  { moto, answer, calls }: Behind,
): Promise<Ec2Answer> {
  const body = await text(request);
  calls.push(readCall(request.headers, body));
  const asked: Ec2Request | undefined = readRequest(request.headers, body);
  return asked ? answer(asked) : ask(moto, request.headers, body);
}

async function ask(
  moto: string,
  { authorization = '', ...sent }: IncomingMessage['headers'],
  body: string,
): Promise<Ec2Answer> {
  const headers = {
    authorization,
    'content-type': sent['content-type'] ?? '',
    // Of services that speak JSON.
    ...(sent['x-amz-target'] !== undefined && { 'x-amz-target': String(sent['x-amz-target']) }),
  };
  const response = await fetch(moto, { method: 'POST', headers, body });
  const type = response.headers.get('content-type') ?? 'text/xml';
  return { status: response.status, body: await response.text(), type };
}

function isThrottled({ service }: Ec2Request): Ec2Answer {
  return service === 'ec2'
    ? refusal('RequestLimitExceeded', 'Request limit exceeded.', 503)
    : groupRefusal('Throttling', 'Rate exceeded');
}

function isDenied({ service, action }: Ec2Request): Ec2Answer {
  const words = `You are not authorized to perform this operation: ${service}:${action}.`;
  return service === 'ec2'
    ? refusal('UnauthorizedOperation', words, 403)
    : groupRefusal('AccessDenied', words);
}
