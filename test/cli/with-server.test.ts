/** The built command against a live service, with tokens, and against what is none. */

import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.js';
import { startTestService, type TestService } from '../support/service.js';
import { landLargeDays, makePlace, type Place } from './daymark.js';

const tokens = { DAYMARK_READ_TOKEN: 'reader-secret', DAYMARK_OPERATE_TOKEN: 'operator-secret' };

interface Scene {
  readonly service: TestService;
  /** Its environment has the address and the operator's token. */
  readonly place: Place;
}

async function startScene(env: Record<string, string> = {}): Promise<Scene> {
  const service = await startTestService({ env: tokens });
  const place = await makePlace({
    DAYMARK_URL: service.url,
    DAYMARK_TOKEN: tokens.DAYMARK_OPERATE_TOKEN,
    ...env,
  });
  return { service, place };
}

describe('with --url', () => {
  it('a service does what the command says, and the files here stay untouched', async () => {
    const { service, place } = await startScene();
    await service.land('0', [[8, { milk: 2 }]]);
    await service.land('1', [[9, { milk: 3 }]]);

    const run = await place.command('run', '--url', `${service.url}/`, '--key', 'nightly:1');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/succeeded · .* · commit 1 · checkpoint 1$/m);
    expect(await service.output()).toContain('1,9,milk,3\n');
    await expect(place.output()).rejects.toThrow('ENOENT');

    const again = await place.json('run', '--key', 'nightly:1');
    expect(again.body).toMatchObject({ key: 'nightly:1', attempt: 1, commit: 1 });
    const other = await place.json('run', '--key', 'nightly:1', '--select', 'all');
    expect(other).toMatchObject({ code: 4, body: { type: '/problems/idempotency-mismatch' } });

    expect((await place.json('verify')).body).toMatchObject({ ok: true });
    expect((await place.json('checkpoint', 'rewind', '0', '-y')).body.marked).toEqual(['1']);
    expect((await place.json('plan')).body.days).toMatchObject([{ day: '1', state: 'rewound' }]);
    expect((await place.json('status')).body).toMatchObject({ place: service.url, ready: true });
  });

  it('shows a token from the environment or a file, and says when it is not the right one', async () => {
    const { service, place } = await startScene({ DAYMARK_TOKEN: '' });
    const none = await place.daymark('days');
    expect(none).toMatchObject({ code: 4, stdout: '' });
    expect(none.stderr).toContain('The request has no token.');

    const file = join(place.root, 'token');
    await writeFile(file, 'guessed-secret\n');
    const wrong = await place.daymark('days', '--token-file', file);
    expect(wrong.code).toBe(4);
    expect(wrong.stderr).not.toContain('guessed');

    await writeFile(file, `${tokens.DAYMARK_READ_TOKEN}\n`);
    expect((await place.daymark('days', '--token-file', file)).code).toBe(0);
    const change = await place.daymark('run', '--token-file', file);
    expect(change).toMatchObject({ code: 4 });
    expect(change.stderr).toContain('This token may only read');

    const env = { DAYMARK_TOKEN_FILE: file };
    expect((await place.start(['days', '--url', service.url], env).ended).code).toBe(0);
  });

  it('never prints a token that cannot be sent', async () => {
    const { place } = await startScene({ DAYMARK_TOKEN: 'top\nsecret' });
    const { code, stderr } = await place.daymark('days');
    expect(code).toBe(2);
    expect(stderr).toContain('DAYMARK_TOKEN holds something other than one line');
    expect(stderr).not.toContain('secret');
    const missing = await place.daymark('days', '--token-file', join(place.root, 'nowhere'));
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('ENOENT') });
    const endless = await place.daymark('days', '--token-file', '/dev/zero');
    expect(endless).toMatchObject({ code: 2, stderr: expect.stringContaining('/dev/zero holds') });
  });

  it('is told that a setting of this machine does not count there', async () => {
    const { place } = await startScene();
    const { code, stderr } = await place.daymark('run', '--raw-dir', 'elsewhere');
    expect(code).toBe(2);
    expect(stderr).toContain('--raw-dir: the service at --url (or DAYMARK_URL) has its own');
    for (const url of ['localhost:3000', 'ftp://localhost', 'http://me:secret@localhost']) {
      const refused = await place.daymark('days', '--url', url);
      expect([url, refused.code]).toEqual([url, 2]);
    }
  });

  it('says that nobody answers, or that it is not Daymark that does', async () => {
    const { place } = await startScene();
    const nobody = await place.command('run', '--url', `http://127.0.0.1:${await freePort()}`);
    expect(nobody).toMatchObject({ code: 3, stdout: '' });
    expect(nobody.stderr).toMatch(/Daymark does not answer\n.*ECONNREFUSED/);
    expect(nobody.stderr).not.toMatch(/ at .*\.js:\d/);

    const stranger = createServer((_, response) => response.end('<html>It works!</html>'));
    stranger.listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    onTestFinished(() => void stranger.close());
    const { port } = stranger.address() as AddressInfo;
    const odd = await place.daymark('days', '--url', `http://127.0.0.1:${port}`);
    expect(odd).toMatchObject({ code: 3 });
    expect(odd.stderr).toContain('something else listens there');
  });
});

describe('a run that takes long on a service', () => {
  it('goes on when --wait is over, and is only started by --wait 0', async () => {
    const { service, place } = await startScene();
    await landLargeDays({ ...place, land: service.land }, ['0', '1', '2', '3', '4', '5']);
    const args = ['run', '--engine', 'csv', '--key', 'long'];
    const started = await place.json(...args, '--wait', '0');
    expect(started).toMatchObject({ code: 0, body: { finishedAt: null } });
    const { id } = started.body;

    const left = await place.daymark(...args, '--wait', '1');
    expect(left.code).toBe(5);
    expect(left.stdout).toMatch(new RegExp(`^run ${id} running`, 'm'));
    expect(left.stderr).toMatch(/^run \S+ running: 6 days, \d/);
    const active = (await place.json('status')).body.activeRuns;
    expect(active).toMatchObject([{ id, status: 'running' }]);
  });

  it('is cancelled by Ctrl-C of who began it', async () => {
    const { service, place } = await startScene();
    await landLargeDays({ ...place, land: service.land }, ['0', '1', '2']);
    const run = place.start(['run', '--engine', 'csv']);
    await run.said(/^run \S+ running/m);
    run.child.kill('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^Cancelling run /m);
    expect(stdout).toMatch(/^run \S+ cancelled/m);
    expect((await service.get('/v1/output')).status).toBe(401);
    await expect(service.output()).rejects.toThrow('ENOENT');
  });

  it('is joined by --if-active attach where it does as much, and else the command says that it waits', async () => {
    const { service, place } = await startScene();
    await landLargeDays({ ...place, land: service.land }, ['0', '1', '2', '3', '4', '5']);
    const { body } = await place.json('run', '--engine', 'csv', '--wait', '0');
    const attach = ['run', '--if-active', 'attach', '--engine', 'csv'];
    const joined = await place.json(...attach, '--wait', '0');
    expect(joined).toMatchObject({ code: 0, body: { id: body.id, warnings: [] } });
    for (const wait of ['0', '1']) {
      const waits = await place.json(...attach, '--dry-run', '--wait', wait);
      expect(waits.body).toMatchObject({ dryRun: true, status: 'queued' });
      expect(waits.body.warnings).toEqual([expect.stringContaining(`behind run ${body.id} `)]);
    }
  });

  it('is not cancelled by Ctrl-C of who joined it', async () => {
    const { service, place } = await startScene();
    await landLargeDays({ ...place, land: service.land }, ['0', '1', '2']);
    const args = ['run', '--engine', 'csv', '--key', 'shared'];
    const { body } = await place.json(...args, '--wait', '0');
    const joined = place.start(args);
    await joined.said(/^run \S+ running/m);
    joined.child.kill('SIGINT');
    const { code, stderr } = await joined.ended;
    expect(code).toBe(130);
    expect(stderr).toContain(`Run ${body.id} was started by someone else, and goes on.`);
    const seen = await place.json(...args, '--quiet');
    expect(seen.body).toMatchObject({ id: body.id, status: 'succeeded' });
  });
});

it('lists all days, however many pages they come in', async () => {
  const { service, place } = await startScene();
  const names = Array.from({ length: 5_003 }, (_, day) => String(day));
  for (const day of names) await mkdir(join(service.rawDir, day));
  const { body } = await place.json('days');
  expect(body.days.map(({ day }: { day: string }) => day)).toEqual(names);
  expect(body).toMatchObject({ nextCursor: null, counts: { waiting: 5_003 } });
  expect((await place.json('days', '--state', 'new')).body.days).toEqual([]);
  expect((await place.json('days', '--state', 'waiting,new')).body.days).toHaveLength(5_003);
  expect((await place.json('status')).body).toMatchObject({ pending: [] });
});
