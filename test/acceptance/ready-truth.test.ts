/** Readiness never says ready while data routes, or a run, answer 503. */
import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canMount, mountTmpfs } from '../support/bind-mount.js';
import { startServiceProcess } from '../support/service-process.js';
import { makePlaces, type Places } from './disk-places.js';

interface Fault {
  readonly what: string;
  /** Brings it about, and returns what ends it. */
  begin(places: Places): Promise<() => Promise<void>>;
}

const away = (path: (places: Places) => string) => async (places: Places) => {
  await rename(path(places), join(places.root, 'away'));
  return () => rename(join(places.root, 'away'), path(places));
};

const remount = (point: string, how: string) =>
  execFileSync('mount', ['-o', `remount,${how}`, point]);

const faults: readonly Fault[] = [
  { what: 'the raw root is away', begin: away(({ raw }) => raw) },
  {
    what: 'the raw root is a file',
    begin: async ({ raw, root }) => {
      await rename(raw, join(root, 'away'));
      await writeFile(raw, '');
      return async () => {
        await rm(raw);
        await rename(join(root, 'away'), raw);
      };
    },
  },
  {
    what: 'the disk is full',
    begin: async ({ processed }) => {
      const { bavail, bsize } = await statfs(processed);
      await writeFile(join(processed, 'filling'), Buffer.alloc(bavail * bsize, 1));
      return () => rm(join(processed, 'filling'));
    },
  },
  {
    what: 'the disk is read-only',
    begin: async ({ processed }) => {
      remount(processed, 'ro');
      return async () => {
        remount(processed, 'rw');
      };
    },
  },
  {
    what: 'a bind mount lies over the state',
    begin: async ({ root, folder }) => {
      await mkdir(join(root, 'elsewhere'), { recursive: true });
      execFileSync('mount', ['--bind', join(root, 'elsewhere'), folder.staged]);
      return async () => {
        execFileSync('umount', [folder.staged]);
      };
    },
  },
  {
    what: 'the records are no folder',
    begin: async ({ folder }) => {
      await rename(folder.commits, join(folder.outputFolder, 'commits-away'));
      await writeFile(folder.commits, '');
      return async () => {
        await rm(folder.commits);
        await rename(join(folder.outputFolder, 'commits-away'), folder.commits);
      };
    },
  },
  {
    what: 'the output is a folder',
    begin: async ({ folder }) => {
      await rename(folder.output, `${folder.output}.away`);
      await mkdir(folder.output);
      return async () => {
        await rm(folder.output, { recursive: true });
        await rename(`${folder.output}.away`, folder.output);
      };
    },
  },
];

describe.runIf(canMount)('readiness', () => {
  it('is false whenever a data route or a run is refused, and true again afterwards', async () => {
    const places = await makePlaces();
    await mountTmpfs(places.processed, 'size=4m');
    await places.land('0');
    const url = await startServiceProcess(places.env).url();
    const statusOf = async (path: string, method = 'GET') => {
      const response = await fetch(`${url}${path}`, { method });
      await response.arrayBuffer();
      return response.status;
    };
    const statuses = async () => ({
      ready: await statusOf('/health/ready'),
      checkpoint: await statusOf('/v1/checkpoint'),
      days: await statusOf('/v1/days'),
      output: await statusOf('/v1/output'),
      run: await statusOf('/v1/runs?wait=60', 'POST'),
    });
    const well = { ready: 200, checkpoint: 200, days: 200, output: 200, run: 200 };
    expect(await statuses()).toEqual(well);
    for (const [index, { what, begin }] of faults.entries()) {
      // So that a run has something to do.
      await places.land(String(index + 1));
      const end = await begin(places);
      const { ready, ...routes } = await statuses();
      const refused = Object.entries(routes).filter(([, status]) => status === 503);
      expect({ what, refused: refused.length > 0, ready }).toEqual({
        what,
        refused: true,
        ready: 503,
      });
      for (const [route, status] of Object.entries(routes)) {
        expect([200, 409, 503], `${what}: ${route}`).toContain(status);
      }
      await end();
      expect({ what, ...(await statuses()) }).toEqual({ what, ...well });
    }
  }, 120_000);
});
