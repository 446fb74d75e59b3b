/** Floods, endless bodies and half requests, wave after wave: memory stays bounded, and nothing is left of them. */
import { mkdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startService, writeRawDay } from '../http/support.js';
import { eventually } from '../support/eventually.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { expectNoLeak, holdingsAtRest } from './http-leaks.js';
import { openSocket } from './http-wire.js';
import { descriptorsOf, residentBytes } from './process-figures.js';
import { manyCasesMs, soak } from './soak.js';

const host = 'Host: localhost\r\n';
const json = 'Content-Type: application/json\r\n';
const post = `POST /v1/runs?wait=1 HTTP/1.1\r\n${host}${json}`;
/** Of each kind, in a wave. */
const clients = 20;

/** Each is what one client sends; it may be cut off at any point. */
const attacks: Readonly<Record<string, (socket: Socket) => void>> = {
  'a header flood': (socket) => {
    socket.write(`GET / HTTP/1.1\r\n${host}${'X-Y: z\r\n'.repeat(20_000)}\r\n`);
  },
  'one endless header': (socket) => {
    socket.write(`GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(2 << 20)}`);
  },
  'an endless body in chunks': (socket) => {
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    socket.write(`${post}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(32)}`);
  },
  'a body that is announced and never comes': (socket) => {
    socket.write(`${post}Content-Length: 1000000\r\n\r\n{`);
  },
  'a large body that is no JSON': (socket) => {
    socket.write(`${post}Content-Length: 1000000\r\n\r\n${'['.repeat(1_000_000)}`);
  },
  'half a request': (socket) => {
    socket.write('GET /v1/days HT');
  },
  'many requests, none of whose answers is read': (socket) => {
    socket.pause();
    socket.write(`GET /v1/output HTTP/1.1\r\n${host}\r\n`.repeat(200));
  },
};

/** Some wait for what comes back, the others are gone at once. */
async function attack(address: string): Promise<void> {
  const sockets = Object.values(attacks).flatMap((act) =>
    Array.from({ length: clients }, () => {
      const socket = openSocket(address);
      act(socket);
      return socket;
    }),
  );
  await sleep(300);
  for (const [index, socket] of sockets.entries()) {
    if (index % 2 === 0) socket.destroy();
    else socket.resetAndDestroy();
  }
}

it('leaves no handle, descriptor or listener behind', { timeout: manyCasesMs }, async () => {
  const test = await startService({ days: { 0: [{ hour: 8, produce: 2 }] } });
  await test.run();
  await attack(test.address);
  const before = await holdingsAtRest(test);
  for (let wave = 0; wave < (soak ? 20 : 1); wave += 1) await attack(test.address);
  await expectNoLeak(test, before);
  await test.http.get('/v1/checkpoint').expect(200);
});

it.skipIf(process.platform !== 'linux')(
  'takes no more memory in the last wave than in the first',
  { timeout: manyCasesMs },
  async () => {
    const root = await makeTempDir();
    await mkdir(join(root, 'processed'));
    await writeRawDay(join(root, 'raw'), '0', [{ hour: 8, produce: 2 }]);
    const service = startServiceProcess({
      DAYMARK_RAW_DIR: join(root, 'raw'),
      DAYMARK_OUTPUT_FILE: join(root, 'processed', 'orders.csv'),
      // What is garbage is collected soon, so that what stays resident is what is held.
      NODE_OPTIONS: '--max-old-space-size=128 --max-semi-space-size=2',
    });
    const [address, pid] = [await service.url(), service.child.pid ?? 0];
    const idle = descriptorsOf(pid);
    const settled = () =>
      eventually(() => expect(descriptorsOf(pid)).toBeLessThan(idle + 5), 15_000);

    const residentAfterWaves = async (waves: number) => {
      const resident: number[] = [];
      for (let wave = 0; wave < waves; wave += 1) {
        await attack(address);
        resident.push(residentBytes(pid));
      }
      await settled();
      return resident;
    };
    const first = await residentAfterWaves(3);
    const later = await residentAfterWaves(soak ? 40 : 5);
    expect((await fetch(`${address}/v1/runs?wait=30`, { method: 'POST' })).status).toBe(200);
    // From wave to wave it goes up and down by some 50 MB, as the collector comes and goes.
    const growth = Math.min(...later.slice(-3)) - Math.max(...first);
    expect(growth).toBeLessThan(32 << 20);
    expect((await service.end('SIGTERM')).code).toBe(0);
  },
);
