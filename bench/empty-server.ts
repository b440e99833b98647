import Fastify from 'fastify';

// A process of its own with a route that does nothing: what HTTP costs at the least.
const app = Fastify();
app.get('/', async () => ({}));
const address = await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
process.stdout.write(`runs at ${address}\n`);
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
