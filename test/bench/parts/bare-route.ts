/** What there is to compare with: a Fastify route that answers from memory, and one that asks Redis first. */
import Fastify from 'fastify';
import { Redis } from 'ioredis';

const [url = '', key = ''] = process.argv.slice(2);
const redis = new Redis(url);
const app = Fastify();
app.get('/bare', async () => ({ day: '6', reading: 'in-sync' }));
app.get('/bare-redis', async () => ({ day: await redis.get(key), reading: 'in-sync' }));
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
