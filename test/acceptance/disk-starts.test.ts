/** At start: what the commit protocol does between its places is tried there, and what is wrong is told in its own words. */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tagOf, thisProcess } from '../../src/process/living-process.js';
import { bindMount, canMount, mountTmpfs } from '../support/bind-mount.js';
import { startServiceProcess } from '../support/service-process.js';
import { makePlaces, type Places } from './disk-places.js';

async function refusal(env: Record<string, string>) {
  const { code, log, stderr } = await startServiceProcess(env).ended();
  return { code, message: `${stderr} ${String(log.at(-1)?.['msg'])}` };
}

const api = async (url: string, path: string, method = 'GET') => {
  const response = await fetch(`${url}${path}`, { method });
  return { status: response.status, text: await response.text() };
};

async function probesIn({ folder }: Places): Promise<string[]> {
  const lists = [folder.staged, folder.backup, folder.commits, folder.outputFolder].map((path) =>
    readdir(path).catch(() => []),
  );
  return (await Promise.all(lists)).flat().filter((name) => name.includes('probe'));
}

describe.runIf(canMount)('a mount of the same disk', () => {
  it.each(['shared', 'root', 'staged', 'backup'] as const)(
    'that is the %s folder of the state is refused by name',
    async (part) => {
      const places = await makePlaces();
      const elsewhere = join(places.root, 'elsewhere');
      await mkdir(elsewhere);
      const point = places.folder[part];
      await bindMount(elsewhere, point);
      const { code, message } = await refusal(places.env);
      expect(code).toBe(78);
      expect(message).toContain(`${point} is a mount of its own`);
      expect(message).toContain(`mount ${places.processed} as a whole`);
      expect(await probesIn(places)).toEqual([]);
    },
  );

  it.each(['commits', 'runs'] as const)('that is the %s folder does no harm', async (part) => {
    const places = await makePlaces();
    await places.land('0');
    await mkdir(join(places.root, 'elsewhere'));
    await bindMount(join(places.root, 'elsewhere'), places.folder[part]);
    const url = await startServiceProcess(places.env).url();
    expect((await api(url, '/v1/runs?wait=60', 'POST')).status).toBe(200);
    expect((await api(url, '/health/ready')).status).toBe(200);
  });

  it('that is the output file itself is refused, and not touched', async () => {
    const places = await makePlaces();
    const host = join(places.root, 'host.csv');
    await writeFile(host, '');
    await writeFile(places.folder.output, '');
    execFileSync('mount', ['--bind', host, places.folder.output]);
    try {
      const before = await stat(host, { bigint: true });
      const { code, message } = await refusal(places.env);
      expect(code).toBe(78);
      expect(message).toContain(`${places.folder.output} (DAYMARK_OUTPUT_FILE) is a mount`);
      expect((await stat(host, { bigint: true })).ctimeNs).toBe(before.ctimeNs);
    } finally {
      execFileSync('umount', [places.folder.output]);
    }
  });

  it('that was made while the service works fails runs before their commit, and says what it is', async () => {
    const places = await makePlaces();
    await places.land('0');
    const url = await startServiceProcess(places.env).url();
    expect((await api(url, '/v1/runs?wait=60', 'POST')).status).toBe(200);
    await mkdir(join(places.root, 'elsewhere'));
    await bindMount(join(places.root, 'elsewhere'), places.folder.shared);
    await places.land('1');
    const run = await api(url, '/v1/runs?wait=60', 'POST');
    expect(run.status).toBe(503);
    expect(run.text).toContain('is a mount of its own');
    const ready = await api(url, '/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.text).toContain('is a mount of its own');
    execFileSync('umount', [places.folder.shared]);
    expect((await api(url, '/v1/runs?wait=60', 'POST')).status).toBe(200);
    expect((await api(url, '/health/ready')).status).toBe(200);
    // For the test's own end, which unmounts it.
    execFileSync('mount', ['--bind', join(places.root, 'elsewhere'), places.folder.shared]);
  });
});

/** Takes all that the file system at `folder` still has. */
const fillings: readonly [
  what: string,
  options: string,
  words: string,
  fill: (folder: string) => Promise<void>,
][] = [
  [
    'room',
    'size=2m',
    'is full (ENOSPC)',
    async (folder) => {
      const { bavail, bsize } = await statfs(folder);
      await writeFile(join(folder, 'filling'), Buffer.alloc(bavail * bsize, 1));
    },
  ],
  [
    'inodes',
    'size=64m,nr_inodes=60',
    'has no inodes left (ENOSPC)',
    async (folder) => {
      const { ffree } = await statfs(folder);
      await mkdir(join(folder, 'filling'));
      for (let n = 1; n < ffree; n += 1) await writeFile(join(folder, 'filling', String(n)), '');
    },
  ],
];

describe.runIf(canMount)('on a disk without', () => {
  it.each(fillings)(
    '%s the service serves what was committed, and says so',
    async (_, options, words, fill) => {
      const places = await makePlaces();
      await mountTmpfs(places.processed, options);
      await places.land('0');
      const first = startServiceProcess(places.env);
      expect((await api(await first.url(), '/v1/runs?wait=60', 'POST')).status).toBe(200);
      await first.end('SIGTERM');
      await fill(places.processed);
      await places.land('1');

      const url = await startServiceProcess(places.env).url();
      for (const path of ['/v1/checkpoint', '/v1/days', '/v1/output']) {
        expect((await api(url, path)).status, path).toBe(200);
      }
      for (const each of [
        await api(url, '/health/ready'),
        await api(url, '/v1/runs?wait=60', 'POST'),
      ]) {
        expect(each.status, each.text).toBe(503);
        expect(each.text).toContain(words);
      }
      const rewound = await api(url, '/v1/checkpoint', 'DELETE');
      expect([rewound.status, rewound.text]).toEqual([503, expect.stringContaining(words)]);

      await rm(join(places.processed, 'filling'), { recursive: true });
      expect((await api(url, '/health/ready')).status).toBe(200);
      expect((await api(url, '/v1/runs?wait=60', 'POST')).status).toBe(200);
      expect(await probesIn(places)).toEqual([]);
    },
  );

  it('the right to be written to it is refused as such', async () => {
    const places = await makePlaces();
    await mountTmpfs(places.processed, 'ro');
    const { code, message } = await refusal(places.env);
    expect(code).toBe(78);
    expect(message).toContain('is mounted read-only (EROFS)');
  });
});

it('what a killed start left of its tries is removed by the next', async () => {
  const places = await makePlaces();
  for (const path of [places.folder.staged, places.folder.backup]) {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, '.probe-0b9fbd0c-1b1e-4f8c-8d55-2f2f3f6a8f10'), '');
    execFileSync('touch', [
      '-d',
      '2 hours ago',
      join(path, '.probe-0b9fbd0c-1b1e-4f8c-8d55-2f2f3f6a8f10'),
    ]);
  }
  // Of a process that is gone.
  const gone = tagOf({ ...thisProcess(), startedAt: 'before' });
  await writeFile(join(places.processed, `.daymark-probe-${gone}-x`), '');
  // Another process may be trying at this moment; so may one of another container, with our number.
  const alive = `.daymark-probe-${tagOf(thisProcess())}-x`;
  const elsewhere = `.daymark-probe-${tagOf({ ...thisProcess(), host: 'elsewhere' })}-x`;
  await writeFile(join(places.folder.staged, elsewhere), '');
  await writeFile(join(places.folder.staged, alive), '');
  await startServiceProcess(places.env).url();
  expect((await probesIn(places)).sort()).toEqual([alive, elsewhere].sort());
});

it.runIf(process.platform === 'linux').each([
  ['DAYMARK_OUTPUT_FILE', '/proc/daymark/orders.csv'],
  ['DAYMARK_OUTPUT_FILE', '/sys/daymark/orders.csv'],
  ['DAYMARK_OUTPUT_FILE', '/dev/daymark/orders.csv'],
  ['DAYMARK_RAW_DIR', '/proc/self'],
])('%s=%s is refused at once', async (setting, path) => {
  const places = await makePlaces();
  const { code, message } = await refusal({ ...places.env, [setting]: path });
  expect(code).toBe(78);
  expect(message).toContain(`${setting} (${path}) leads into`);
});
