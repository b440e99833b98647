import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of a cloud that lives for minutes and listens on loopback alone. */
export const ADMIN = { name: 'admin', password: 'administrator', project: 'admin' };

/** Both lead to the same services: what copies from one region to the other is a real copy all the same. */
export const REGIONS = ['RegionOne', 'RegionTwo'];

/**
 * Writes what each service reads, into the folder where all of them have everything.
 *
 * @param ports {Record<'keystone' | 'glance' | 'placement' | 'nova' | 'network', number>}
 */
export function writeConfiguration(folder, ports) {
  for (const name of ['fernet', 'credential', 'images', 'staging', 'tasks', 'state', 'lock'])
    mkdirSync(join(folder, name), { mode: 0o700 });
  const files = { ...identity(folder), ...images(folder, ports), ...compute(folder, ports) };
  for (const [name, sections] of Object.entries(files))
    writeFileSync(join(folder, name), toIni(sections), { mode: 0o600 });
}

function toIni(sections) {
  return Object.entries(sections)
    .map(([section, settings]) => {
      const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
      return `[${section}]\n${lines.join('')}`;
    })
    .join('\n');
}

/** How a service knows who asks it, and asks others. */
const asAdmin = ({ keystone }) => ({
  auth_type: 'password',
  auth_url: `http://127.0.0.1:${keystone}/v3`,
  www_authenticate_uri: `http://127.0.0.1:${keystone}/v3`,
  username: ADMIN.name,
  password: ADMIN.password,
  project_name: ADMIN.project,
  user_domain_id: 'default',
  project_domain_id: 'default',
});

const database = (folder, name) => `sqlite:///${join(folder, `${name}.sqlite`)}`;

function identity(folder) {
  return {
    'keystone.conf': {
      DEFAULT: { log_file: join(folder, 'keystone.log') },
      database: { connection: database(folder, 'keystone') },
      token: { provider: 'fernet' },
      fernet_tokens: { key_repository: join(folder, 'fernet') },
      credential: { key_repository: join(folder, 'credential') },
      // The least that it takes: nothing here is worth more.
      identity: { password_hash_rounds: 4 },
      cache: { enabled: false },
    },
  };
}

function images(folder, ports) {
  return {
    'glance.conf': {
      DEFAULT: {
        bind_host: '127.0.0.1',
        bind_port: ports.glance,
        workers: 0,
        log_file: join(folder, 'glance.log'),
        lock_path: join(folder, 'lock'),
        enabled_backends: 'file:file',
        enforce_secure_rbac: true,
        enabled_import_methods: '[glance-direct,web-download,copy-image,glance-download]',
      },
      database: { connection: database(folder, 'glance') },
      glance_store: { default_backend: 'file' },
      file: { filesystem_store_datadir: join(folder, 'images') },
      os_glance_staging_store: { filesystem_store_datadir: join(folder, 'staging') },
      os_glance_tasks_store: { filesystem_store_datadir: join(folder, 'tasks') },
      // Its other region is on loopback, too.
      import_filtering_opts: { allowed_hosts: '[127.0.0.1]', allowed_ports: `[${ports.glance}]` },
      paste_deploy: { flavor: 'keystone', config_file: join(folder, 'glance-paste.ini') },
      keystone_authtoken: asAdmin(ports),
      oslo_policy: rolesCount,
    },
    'glance-paste.ini': {
      'pipeline:glance-api-keystone': {
        pipeline: 'versionnegotiation authtoken context rootapp',
      },
      'composite:rootapp': {
        'paste.composite_factory': 'glance.api:root_app_factory',
        '/': 'apiversions',
        '/v2': 'apiv2app',
      },
      'app:apiversions': { 'paste.app_factory': 'glance.api.versions:create_resource' },
      'app:apiv2app': { 'paste.app_factory': 'glance.api.v2.router:API.factory' },
      'filter:versionnegotiation': filter(
        'glance.api.middleware.version_negotiation:VersionNegotiationFilter.factory',
      ),
      'filter:context': filter('glance.api.middleware.context:ContextMiddleware.factory'),
      'filter:authtoken': {
        ...filter('keystonemiddleware.auth_token:filter_factory'),
        delay_auth_decision: true,
      },
    },
  };
}

/** What a reader may do is to read: older clouds let readers change things as well. */
const rolesCount = { enforce_new_defaults: true, enforce_scope: true };

const filter = (factory) => ({ 'paste.filter_factory': factory });
const app = (factory) => ({ 'paste.app_factory': factory });

function compute(folder, ports) {
  return {
    'placement.conf': {
      DEFAULT: { log_file: join(folder, 'placement.log') },
      placement_database: { connection: database(folder, 'placement'), sync_on_startup: true },
      api: { auth_strategy: 'keystone' },
      keystone_authtoken: asAdmin(ports),
    },
    'nova.conf': nova(folder, ports),
    'nova-paste.ini': {
      'composite:osapi_compute': {
        use: 'call:nova.api.openstack.urlmap:urlmap_factory',
        '/': 'versions',
        '/v2.1': 'versions_v2',
        '/v2.1/+': 'v21',
      },
      'composite:v21': {
        use: 'call:nova.api.auth:pipeline_factory_v21',
        keystone: 'reqid faultwrap sizelimit authtoken keystonecontext app',
      },
      'filter:reqid': filter('nova.api.compute_req_id:ComputeReqIdMiddleware.factory'),
      'filter:faultwrap': filter('nova.api.openstack:FaultWrapper.factory'),
      'filter:sizelimit': filter('oslo_middleware:RequestBodySizeLimiter.factory'),
      'filter:keystonecontext': filter('nova.api.auth:NovaKeystoneContext.factory'),
      'filter:authtoken': filter('keystonemiddleware.auth_token:filter_factory'),
      'app:app': app('nova.api.openstack.compute:APIRouterV21.factory'),
      'pipeline:versions': { pipeline: 'faultwrap versionsapp' },
      'pipeline:versions_v2': { pipeline: 'reqid faultwrap versionsapp_v2' },
      'app:versionsapp': app('nova.api.openstack.compute.versions:Versions.factory'),
      'app:versionsapp_v2': app('nova.api.openstack.compute.versions:VersionsV2.factory'),
    },
  };
}

function nova(folder, ports) {
  const admin = asAdmin(ports);
  return {
    DEFAULT: {
      host: 'compute1',
      my_ip: '127.0.0.1',
      state_path: join(folder, 'state'),
      log_file: join(folder, 'nova.log'),
      // Servers that are all there but for the machines.
      compute_driver: 'fake.MediumFakeDriver',
      transport_url: 'fake://',
      osapi_compute_listen: '127.0.0.1',
      osapi_compute_listen_port: ports.nova,
      osapi_compute_workers: 1,
      enabled_apis: 'osapi_compute',
      instance_usage_audit: false,
      report_interval: 10,
    },
    api_database: { connection: database(folder, 'nova_api') },
    database: { connection: database(folder, 'nova') },
    wsgi: { api_paste_config: join(folder, 'nova-paste.ini') },
    keystone_authtoken: admin,
    placement: { region_name: REGIONS[0], ...admin },
    service_user: { send_service_user_token: false },
    glance: { endpoint_override: `http://127.0.0.1:${ports.glance}` },
    neutron: { endpoint_override: `http://127.0.0.1:${ports.network}`, ...admin },
    cinder: { os_region_name: REGIONS[0], ...admin },
    oslo_policy: rolesCount,
    oslo_concurrency: { lock_path: join(folder, 'lock') },
    quota: { instances: -1, cores: -1, ram: -1 },
    scheduler: { discover_hosts_in_cells_interval: 2 },
    vnc: { enabled: false },
  };
}
