import { logIn } from './ask.mjs';
import { ADMIN, REGIONS } from './configuration.mjs';

/** Says where each service is, in two regions; Nova starts only once it finds the others. */
export async function fillCatalogue(urls) {
  const { keystone, glance, placement, nova } = urls;
  const admin = await logIn(urls, ADMIN);
  const v3 = `${keystone}/v3`;
  await admin('POST', `${v3}/regions`, { region: { id: REGIONS[1] } });
  for (const [type, name, url] of [
    ['image', 'glance', glance],
    ['placement', 'placement', placement],
    ['compute', 'nova', `${nova}/v2.1`],
  ]) {
    const { service } = await admin('POST', `${v3}/services`, { service: { type, name } });
    for (const region_id of REGIONS) {
      const endpoint = { service_id: service.id, interface: 'public', region_id, url };
      await admin('POST', `${v3}/endpoints`, { endpoint });
    }
  }
}
