/** Clients that go away in the middle: the run goes on, and nothing of them stays behind. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startBusyService } from '../http/busy-service.js';
import { startService, type TestService } from '../http/support.js';
import { eventually } from '../support/eventually.js';
import { expectNoLeak, holdingsAtRest, holdingsOf } from './http-leaks.js';
import { openSocket } from './http-wire.js';

const clients = 100;
const json = 'Content-Type: application/json\r\n';
const attach = '{"ifActive":"attach"}';

/** Each way to wait for the run, in turn. */
function waitingRequest(runId: string, index: number): string {
  const host = 'Host: localhost\r\n';
  switch (index % 3) {
    case 0:
      return `POST /v1/runs?wait=60 HTTP/1.1\r\n${host}${json}Content-Length: ${attach.length}\r\n\r\n${attach}`;
    case 1:
      return `GET /v1/runs/${runId}/result HTTP/1.1\r\n${host}Prefer: wait=60\r\n\r\n`;
    default:
      return `PUT /v1/runs/late-${index} HTTP/1.1\r\n${host}Prefer: wait=60\r\n${json}Content-Length: ${attach.length}\r\n\r\n${attach}`;
  }
}

function warningsFromNow(): readonly string[] {
  const warnings: string[] = [];
  const note = (warning: Error) => void warnings.push(warning.message);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  return warnings;
}

/** Half of them say goodbye, half are cut. */
function leave(sockets: readonly Socket[]): void {
  for (const [index, socket] of sockets.entries()) {
    if (index % 2 === 0) socket.destroy();
    else socket.resetAndDestroy();
  }
}

it(`${clients} clients that wait for a run and go away`, async () => {
  const warnings = warningsFromNow();
  const test = await startBusyService();
  const wait = vi.spyOn(test.service.controlPlane, 'wait');
  const before = await holdingsAtRest(test);

  const sockets = Array.from({ length: clients }, () => openSocket(test.address));
  for (const [index, socket] of sockets.entries()) socket.write(waitingRequest(test.runId, index));
  await eventually(() => expect(wait).toHaveBeenCalledTimes(clients), 15_000);
  leave(sockets);

  // Every wait ends long before its minute, although the run goes on.
  const waited = await Promise.all(wait.mock.results.map(({ value }) => value));
  expect(new Set(waited.map(({ id, status }) => `${id} ${status}`))).toEqual(
    new Set([`${test.runId} running`]),
  );
  await expectNoLeak(test, before);
  expect(warnings).toEqual([]);

  test.release();
  const { body } = await test.http.get(`/v1/runs/${test.runId}/result?wait=30`).expect(200);
  expect(body.status).toBe('succeeded');
  expect(await readFile(test.outputFile, 'utf8')).toContain('0,8,produce,2\n');
});

it('a client that goes away before its wait begins does not wait', async () => {
  const { service, address, runId, release } = await startBusyService();
  const { submit } = service.controlPlane;
  const wait = vi.spyOn(service.controlPlane, 'wait');
  let gone = false;
  const submitted = vi.spyOn(service.controlPlane, 'submit');
  submitted.mockImplementation(async (...asked) => {
    await eventually(() => expect(gone).toBe(true));
    return submit(...asked);
  });
  service.app.server.once('request', (_, response) => {
    response.once('close', () => {
      gone = true;
    });
  });

  const socket = openSocket(address);
  socket.write(waitingRequest(runId, 0));
  await sleep(50);
  socket.destroy();
  await eventually(() => expect(submitted).toHaveResolved());
  await sleep(50);
  // Were it to wait, this would take the whole minute.
  await Promise.all(wait.mock.results.map(({ value }) => value));
  release();
});

/** An output that no socket's buffers hold as a whole. */
async function writeLargeOutput({ outputFile }: TestService): Promise<void> {
  const rows = Array.from({ length: 20_000 }, (_, n) => `0,8,${'x'.repeat(400)}${n},1\n`).sort();
  const csv = `day_of_week,hour_of_day,category,items_count\n${rows.join('')}`;
  await writeFile(`${outputFile}.new`, csv);
  await rename(`${outputFile}.new`, outputFile);
}

it('downloads that are broken off', async () => {
  const warnings = warningsFromNow();
  const test = await startService();
  await writeLargeOutput(test);
  const { text } = await test.http.get('/v1/output').accept('text/csv').buffer().expect(200);
  const before = await holdingsAtRest(test);

  for (let round = 0; round < 5; round += 1) {
    const sockets = Array.from({ length: 10 }, () => openSocket(test.address));
    for (const socket of sockets) {
      socket.write('GET /v1/output HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\n\r\n');
    }
    await Promise.all(sockets.map((each) => new Promise((seen) => each.once('readable', seen))));
    expect(holdingsOf(test)['descriptor output']).toBeGreaterThan(0);
    leave(sockets);
  }
  await expectNoLeak(test, before);
  expect(warnings).toEqual([]);
  const again = await test.http.get('/v1/output').accept('text/csv').buffer().expect(200);
  expect(again.text === text).toBe(true);
});
