import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What no request from outside may lead a server to: itself, its neighbours, and the cloud's metadata. */
const refused = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  refused.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 128],
  ['::1', 128],
  // IPv4 in IPv6: by translation and by 6to4.
  ['64:ff9b::', 96],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  refused.addSubnet(network, prefix, 'ipv6');

/** Whether an address is a loopback, private, link-local or otherwise special one; IPv4 in IPv6 as well. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** A host was found where none may be asked. */
export class PrivateAddressError extends Error {
  override name = 'PrivateAddressError';

  constructor(host: string, address: string, setting: string) {
    super(
      `${host === address ? host : `${host} is ${address}, and`} may not be asked: it is a loopback, private or link-local address. ${setting} allows it.`,
    );
  }
}

/**
 * @param setting what whoever runs Slipway may set to allow it
 * @throws PrivateAddressError for a URL that names such an address itself: nothing looks that up
 */
export function checkLiteralHost(hostname: string, setting: string): void {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0 && isPrivateAddress(bare))
    throw new PrivateAddressError(bare, bare, setting);
}

/** Looks a name up as a connection does, and refuses it when one of its addresses is private. */
export function publicLookup(setting: string): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const wrong = found.find(({ address }) => isPrivateAddress(address));
      if (wrong) return callback(new PrivateAddressError(hostname, wrong.address, setting), '', 0);
      const [first] = found;
      if (options.all === true) callback(null, found);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}
