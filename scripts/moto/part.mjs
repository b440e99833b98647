import { ensureMoto, startMoto } from './daemon.mjs';

/** The part of `npm run test:clouds` that has EC2 as moto answers for it: scripts/test-clouds.mjs. */
export const motoPart = {
  name: 'ec2',
  what: 'servers and images on the EC2 of moto',
  start: async () => {
    const found = await ensureMoto();
    if (found.program === undefined) return found;
    console.log('Starting moto ...');
    const started = await startMoto(found.program).catch(({ message }) => ({ reason: message }));
    if (started.url === undefined) return started;
    return {
      environment: { SLIPWAY_MOTO_URL: started.url },
      settings: { CLOUD_ALLOW_PRIVATE: 'true' },
      stop: started.stop,
    };
  },
};
