/** Clients that follow runs and mean no good, or have bad luck: each costs little, and harms nobody. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startBusyService } from '../http/busy-service.js';
import { follow } from '../http/event-client.js';
import { eventually } from '../support/eventually.js';
import { judgedMs } from '../support/judged-time.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { expectNoLeak, holdingsAtRest } from './http-leaks.js';
import { exchange, openSocket, statusesIn } from './http-wire.js';
import { residentBytes } from './process-figures.js';
import { manyCasesMs } from './soak.js';

const requestOf = (runId: string) =>
  `GET /v1/runs/${runId}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`;

describe('more clients than may follow', () => {
  it('are turned away, while other routes stay quick and those inside are told the end', async () => {
    const settings = { MAX_EVENT_STREAMS: '20' };
    const { address, http, runId, release } = await startBusyService({ settings });
    const clients = await Promise.all(
      Array.from({ length: 300 }, () => follow(address, runId, {})),
    );
    const inside = clients.filter(({ status }) => status === 200);
    const outside = clients.filter(({ status }) => status === 503);
    expect([inside.length, outside.length]).toEqual([20, 280]);
    for (const { headers } of outside) expect(headers['retry-after']).toBe('5');
    await Promise.all(outside.map(({ ended }) => ended));
    expect(JSON.parse(outside[0]?.text ?? '').type).toBe('/problems/too-many-streams');

    const startedAt = performance.now();
    for (let asked = 0; asked < 20; asked += 1) await http.get('/v1/checkpoint').expect(200);
    expect(judgedMs(performance.now() - startedAt) / 20).toBeLessThan(100);

    // One leaves, one comes in.
    inside[0]?.cut();
    await eventually(async () => expect((await follow(address, runId)).status).toBe(200));
    release();
    for (const client of inside.slice(1)) {
      expect(await client.ended).toBe(true);
      expect(client.states().at(-1)?.status).toBe('succeeded');
    }
  });
});

describe('clients that leave', () => {
  it('leave nothing behind, however they go', async () => {
    const test = await startBusyService();
    const comeAndGo = async () => {
      const sockets = Array.from({ length: 40 }, () => openSocket(test.address));
      for (const socket of sockets) socket.write(requestOf(test.runId));
      await Promise.all(
        // Some are gone before they are told anything.
        sockets.slice(10).map((each) => new Promise((seen) => each.once('readable', seen))),
      );
      for (const [index, socket] of sockets.entries()) {
        if (index % 2 === 0) socket.destroy();
        else socket.resetAndDestroy();
      }
    };
    await comeAndGo();
    const before = await holdingsAtRest(test);
    for (let round = 0; round < 3; round += 1) await comeAndGo();
    await expectNoLeak(test, before);
    const warned = test.logLines.filter(({ level }) => Number(level) >= 30);
    expect(warned.filter(({ msg }) => String(msg).includes('stream'))).toEqual([]);
    // Every place is free again.
    const client = await follow(test.address, test.runId);
    test.release();
    expect(await client.ended).toBe(true);
  });

  it('cannot ask for several runs on one connection at once', async () => {
    const test = await startBusyService();
    const before = await holdingsAtRest(test);
    const socket = openSocket(test.address);
    socket.write(requestOf(test.runId).repeat(5));
    await new Promise((seen) => socket.once('readable', seen));
    await sleep(300);
    socket.destroy();
    await expectNoLeak(test, before);

    const answers = exchange(
      test.address,
      `${requestOf(test.runId)}${requestOf(test.runId).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`,
    );
    await sleep(300);
    test.release();
    expect(statusesIn(await answers)).toEqual([200, 503]);
  });
});

/** A run with so many days, and so much to say of each, that no socket's buffers hold its states. */
async function startTalkativeService(env: Record<string, string> = {}) {
  const root = await makeTempDir();
  await mkdir(join(root, 'processed'));
  const name = `${'orders'.repeat(40)}.csv`;
  const header = `order_hour_of_day,${'produce'.repeat(30)}\n`;
  const bad = Array.from({ length: 20 }, () => `8,${'many'.repeat(50)}\n`).join('');
  for (let day = 0; day < 1_000; day += 1) {
    const folder = join(root, 'raw', String(day));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), `${header}${bad}`);
  }
  const serve = () =>
    startServiceProcess({
      DAYMARK_RAW_DIR: join(root, 'raw'),
      DAYMARK_OUTPUT_FILE: join(root, 'processed', 'orders.csv'),
      ...env,
    });
  const service = serve();
  const url = await service.url();
  const start = async (body: object = {}): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v1/runs`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return ((await answer.json()) as { id: string }).id;
  };
  return { service, url, start, pid: service.child.pid ?? 0, successor: serve };
}

/** Asks, and never reads a byte. */
function deafClient(url: string, runId: string) {
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.on('error', () => {}).pause();
  socket.write(requestOf(runId));
  return socket;
}

describe('clients that never read', () => {
  it.skipIf(process.platform !== 'linux')(
    'cost bounded memory, hold nobody up, and lose their connections',
    { timeout: manyCasesMs },
    async () => {
      const settings = { DAYMARK_EVENT_HEARTBEAT_MS: '500', DAYMARK_MAX_EVENT_STREAMS: '50' };
      const { service, url, start, pid } = await startTalkativeService(settings);
      const before = residentBytes(pid);
      const runId = await start({ engine: 'csv' });
      const sockets = Array.from({ length: 49 }, () => deafClient(url, runId));
      const reader = await follow(url, runId);
      expect(await reader.ended).toBe(true);
      expect(reader.states().at(-1)?.status).toBe('failed');
      // More than the buffers of a socket take on their way, so that who does not read is stuck.
      const stateBytes = JSON.stringify(reader.states().at(-1)).length;
      expect(stateBytes).toBeGreaterThan(10_000_000);
      const grown = residentBytes(pid) - before;
      // Far less than a state for each.
      expect(grown).toBeLessThan((sockets.length * stateBytes) / 2);

      // Deaf to the end, they are let go; their places are free again.
      const place = async () => (await fetch(`${url}/v1/runs/${runId}/events`)).status;
      await eventually(async () => {
        const taken = await Promise.all(Array.from({ length: 10 }, place));
        expect(taken).toEqual(taken.map(() => 200));
      }, 20_000);
      for (const socket of sockets) socket.destroy();
      expect((await service.end('SIGTERM')).code).toBe(0);
    },
  );
});

describe('a service that stops', () => {
  it('ends the streams with the state in which their runs ended', async () => {
    const { service, url, start } = await startTalkativeService();
    const runs = [await start({ engine: 'csv' }), await start({ select: 'all' })];
    const clients = await Promise.all(runs.map((runId) => follow(url, runId)));
    const startedAt = performance.now();
    expect((await service.end('SIGTERM')).code).toBe(0);
    expect(judgedMs(performance.now() - startedAt)).toBeLessThan(8_000);
    for (const client of clients) {
      expect(await client.ended).toBe(true);
      expect(client.states().at(-1)?.status).toBe('interrupted');
    }
  });

  it('is not held up by clients that never read', { timeout: manyCasesMs }, async () => {
    const { service, url, start } = await startTalkativeService();
    const runId = await start({ engine: 'csv' });
    await eventually(
      async () => expect((await fetch(`${url}/v1/runs/${runId}/result`)).status).toBe(409),
      30_000,
    );
    const sockets = Array.from({ length: 5 }, () => deafClient(url, runId));
    await sleep(500);
    const startedAt = performance.now();
    expect((await service.end('SIGTERM')).code).toBe(0);
    expect(judgedMs(performance.now() - startedAt)).toBeLessThan(6_000);
    for (const socket of sockets) socket.destroy();
  });

  it('without notice is followed by one that tells what became of the run', async () => {
    const { service, url, start, successor } = await startTalkativeService();
    const runId = await start({ engine: 'csv' });
    const cut = await follow(url, runId);
    await eventually(() => expect(cut.progress().length).toBeGreaterThan(2));
    expect(await Promise.all([cut.ended, service.end('SIGKILL')])).toMatchObject([false, {}]);
    expect(cut.states().at(-1)?.status).toBe('running');

    const address = await successor().url();
    const seen = cut.events.at(-1)?.id ?? '';
    const resumed = await follow(address, runId, { 'Last-Event-ID': seen });
    expect([resumed.status, await resumed.ended]).toEqual([200, true]);
    expect(resumed.states().map(({ status }) => status)).toEqual(['interrupted']);
    const known = await (await fetch(`${address}/v1/runs/${runId}`)).json();
    expect(resumed.events.map(({ data }) => data)).toEqual([known]);
    const last = resumed.events[0]?.id ?? '';
    expect(Number(last)).toBeGreaterThan(Number(seen));
    expect((await follow(address, runId, { 'Last-Event-ID': last })).status).toBe(204);
  });
});
