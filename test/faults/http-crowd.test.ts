/** As many keep-alive connections at once as the machine allows: all answered, memory bounded, none left. */
import { readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeRawDay } from '../http/support.js';
import { eventually } from '../support/eventually.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { openSocket } from './http-wire.js';
import { descriptorsOf, residentBytes } from './process-figures.js';
import { soak } from './soak.js';

const wanted = soak ? 8_000 : 2_000;
/** Descriptors that are needed besides the connections. */
const spare = 200;
const connections = Math.min(wanted, descriptorLimit() - spare);
/** Each has buffers, a parser and an answer under way. */
const bytesPerConnection = 64 * 1024;

/** Of this process, and so of those that it starts. */
function descriptorLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files +([0-9]+)/m.exec(limits)?.[1] ?? 1_024);
  } catch {
    return 1_024;
  }
}

async function startCrowdService() {
  const root = await makeTempDir();
  await mkdir(join(root, 'processed'));
  await writeRawDay(join(root, 'raw'), '0', [{ hour: 8, produce: 2 }]);
  const output = join(root, 'processed', 'orders.csv');
  const env = { DAYMARK_RAW_DIR: join(root, 'raw'), DAYMARK_OUTPUT_FILE: output };
  const process = startServiceProcess(env);
  return { url: await process.url(), process, pid: process.child.pid ?? 0, output };
}

/** The status of the next answer on the connection, whose body comes with it. */
function ask(socket: Socket, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk;
      const length = /content-length: ([0-9]+)\r\n/i.exec(text)?.[1];
      const end = text.indexOf('\r\n\r\n');
      if (end < 0 || text.length < end + 4 + Number(length)) return;
      socket.off('data', read);
      resolve(text.slice(0, 15));
    };
    socket.on('data', read);
    socket.once('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  });
}

it.skipIf(process.platform !== 'linux')(
  `${connections} connections at once`,
  { timeout: 120_000 },
  async () => {
    const { url, process: service, pid, output } = await startCrowdService();
    await fetch(`${url}/v1/runs?wait=30`, { method: 'POST' });
    await eventually(() => expect(descriptorsOf(pid)).toBeLessThan(spare / 2));
    const before = { descriptors: descriptorsOf(pid), bytes: residentBytes(pid) };

    const sockets = Array.from({ length: connections }, () => openSocket(url));
    for (const path of ['/v1/checkpoint', '/v1/output']) {
      const answers = await Promise.all(sockets.map((socket) => ask(socket, path)));
      expect(new Set(answers)).toEqual(new Set(['HTTP/1.1 200 OK']));
    }
    expect(descriptorsOf(pid)).toBeGreaterThanOrEqual(connections);
    const grown = residentBytes(pid) - before.bytes;
    process.stdout.write(
      `${connections} connections, ${Math.round(grown / connections / 1024)} KiB each\n`,
    );
    expect(grown).toBeLessThan(connections * bytesPerConnection);
    // One more client is answered while all the others stay.
    expect((await fetch(`${url}/v1/runs?wait=30`, { method: 'POST' })).status).toBe(200);

    for (const socket of sockets) socket.destroy();
    await eventually(() => expect(descriptorsOf(pid)).toBeLessThan(before.descriptors + 5), 15_000);
    expect(await readFile(output, 'utf8')).toContain('0,8,produce,2\n');
    expect((await service.end('SIGTERM')).code).toBe(0);
  },
);
