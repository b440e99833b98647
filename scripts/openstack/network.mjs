import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

// Nova asks a network service about every server. It is no part of what is tested here, and a real one is many
// packages more: this knows one network, and gives each port on it an address.

const NETWORK = '00000000-0000-4000-8000-00000000000a';
const SUBNET = '00000000-0000-4000-8000-00000000000b';

/** Listens on loopback until `close`. */
export function startNetwork(port) {
  const stores = {
    networks: [
      {
        id: NETWORK,
        name: 'inner',
        tenant_id: 'network',
        shared: true,
        admin_state_up: true,
        subnets: [SUBNET],
        mtu: 1500,
      },
    ],
    subnets: [
      {
        id: SUBNET,
        network_id: NETWORK,
        name: 'inner',
        ip_version: 4,
        cidr: '10.9.0.0/16',
        gateway_ip: '10.9.0.1',
        dns_nameservers: [],
        host_routes: [],
        enable_dhcp: false,
      },
    ],
    ports: [],
  };
  const server = createServer((request, response) => {
    void answer(stores, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

async function answer(stores, request) {
  const { pathname, searchParams } = new URL(request.url, 'http://network');
  const [, , kind = '', id] = pathname.split('/');
  if (kind === 'quotas') return { status: 200, body: { quota: { port: -1 } } };
  const store = stores[kind] ?? [];
  const one = kind.replace(/s$/, '').replaceAll('-', '_');
  const found = store.find((item) => item.id === id);
  const given = request.method === 'GET' ? '' : await text(request);
  if (request.method === 'POST') {
    const made = newPort(JSON.parse(given)[one]);
    store.push(made);
    return { status: 201, body: { [one]: made } };
  }
  if (id === undefined) {
    const items = store.filter((item) => isAskedFor(item, searchParams));
    return { status: 200, body: { [kind.replaceAll('-', '_')]: items } };
  }
  if (!found) return { status: 404, body: { NeutronError: { type: 'NotFound', message: id } } };
  if (request.method === 'DELETE') {
    store.splice(store.indexOf(found), 1);
    return { status: 204 };
  }
  if (request.method === 'PUT') Object.assign(found, JSON.parse(given)[one]);
  return { status: 200, body: { [one]: found } };
}

/** A name may be given several times: any of its values will do. */
function isAskedFor(item, parameters) {
  return [...new Set(parameters.keys())].every(
    (name) =>
      name === 'fields' ||
      parameters
        .getAll(name)
        .some((value) => String(item[name]).toLowerCase() === value.toLowerCase()),
  );
}

let made = 1;

function newPort(given) {
  made += 1;
  const [high, low] = [made >> 8, made & 255];
  const hex = [high, low].map((part) => part.toString(16).padStart(2, '0'));
  return {
    name: '',
    status: 'ACTIVE',
    admin_state_up: true,
    device_owner: '',
    security_groups: [],
    mac_address: `fa:16:3e:00:${hex.join(':')}`,
    'binding:vif_type': 'ovs',
    'binding:vnic_type': 'normal',
    'binding:vif_details': {},
    'binding:profile': {},
    ...given,
    id: randomUUID(),
    fixed_ips: [{ subnet_id: SUBNET, ip_address: `10.9.${high}.${low}` }],
  };
}
