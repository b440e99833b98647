import { BlockList, isIP } from 'node:net';

/**
 * Whether what a proxy at this address says of whoever came to it is believed.
 * @param hop how many proxies stand between it and Slipway: 0 for the one that is connected
 */
export type Trust = (address: string, hop: number) => boolean;

const mostHops = 9;

/**
 * Reads which proxies are believed: how many in a row, or their addresses and networks.
 * @param text such as `1`, or `10.0.0.7, fd00::/8`; `false` for none
 * @returns false for none; undefined when it cannot be read. `true` cannot: it would believe everybody.
 */
export function parseTrust(text: string): Trust | false | undefined {
  if (text === 'false' || text === '0') return false;
  if (/^\d+$/.test(text)) {
    const hops = Number(text);
    return hops <= mostHops ? (_address, hop) => hop < hops : undefined;
  }
  const believed = new BlockList();
  for (const one of text.split(',')) if (!add(believed, one.trim())) return undefined;
  return (address) => {
    const version = isIP(address);
    return version !== 0 && believed.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

/** @returns whether it is an address or a network */
function add(list: BlockList, text: string): boolean {
  const [address = '', prefix] = text.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  const [family, bits] = version === 4 ? (['ipv4', 32] as const) : (['ipv6', 128] as const);
  if (prefix === undefined) {
    list.addAddress(address, family);
    return true;
  }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits || text.split('/').length > 2)
    return false;
  list.addSubnet(address, Number(prefix), family);
  return true;
}
