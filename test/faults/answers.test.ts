/** A run whose commit meets a fault past its commit point: the answer says what a reader can see. */
import { describe, expect, it } from 'vitest';
import { OutcomeUnknown } from '../../src/core/failures.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { commit, makePlace } from '../output/place.js';
import { outputHeader, startTestService, type TestServiceOptions } from '../support/service.js';
import { textOf } from './checks.js';
import { systemError } from './faulty-disks.js';

const expected = `${outputHeader}0,8,milk,2\n`;

async function runOn(options: TestServiceOptions) {
  const service = await startTestService(options);
  await service.land('0', [[8, { milk: 2 }]]);
  return { service, ...(await service.run()) };
}

describe('a run', () => {
  it('whose publication fails once publishes again, and has succeeded', async () => {
    let failures = 1;
    const disk: Disk = {
      ...nodeDisk,
      link: async (from, to) => {
        if (to.endsWith('/orders.csv') && failures-- > 0) throw systemError('EIO', 'link');
        await nodeDisk.link(from, to);
      },
    };
    const { service, status, body } = await runOn({ disk });
    expect(failures).toBeLessThan(0);
    expect(await service.output()).toBe(expected);
    expect({ status, run: body.status, commit: body.commit }).toEqual({
      status: 200,
      run: 'succeeded',
      commit: 1,
    });
  });

  it('that cannot look at once whether it committed looks again, and has succeeded', async () => {
    let claimed = false;
    let failures = 3;
    const disk: Disk = {
      ...nodeDisk,
      link: async (from, to) => {
        await nodeDisk.link(from, to);
        claimed ||= to.endsWith('.json');
      },
      list: async (path) => {
        if (claimed && path.endsWith('commits') && failures-- > 0)
          throw systemError('EMFILE', 'list');
        return nodeDisk.list(path);
      },
    };
    const { service, status, body } = await runOn({ disk });
    expect(failures).toBeLessThan(0);
    expect(await service.output()).toBe(expected);
    expect({ status, run: body.status, commit: body.commit }).toEqual({
      status: 200,
      run: 'succeeded',
      commit: 1,
    });
  });

  it('of which no look can tell whether it committed does not claim that it did not', async () => {
    let away = false;
    const disk: Disk = {
      ...nodeDisk,
      link: async (from, to) => {
        await nodeDisk.link(from, to);
        away ||= to.endsWith('.json');
      },
      list: async (path) => {
        if (away && path.endsWith('commits')) throw systemError('EIO', 'list');
        return nodeDisk.list(path);
      },
    };
    const { service, status, body } = await runOn({ disk });
    expect([status, body.type]).toEqual([503, '/problems/output-unavailable']);
    expect(body.run).toMatchObject({
      status: 'failed',
      days: [{ day: '0', outcome: 'added' }],
      error: { detail: expect.stringContaining('could not be found out') },
    });
    away = false;
    expect((await service.get('/v1/days/0')).body.state).toBe('processed');
    expect(await service.output()).toBe(expected);
  });
});

describe('a commit', () => {
  it('of which no look can tell whether it happened leaves all that is needed to finish it', async () => {
    let broken = true;
    const disk: Disk = {
      ...nodeDisk,
      open: async (path) => {
        if (broken && path.endsWith('.json')) throw systemError('EIO', 'open');
        return nodeDisk.open(path);
      },
      link: async (from, to) => {
        await nodeDisk.link(from, to);
        if (to.endsWith('.json')) throw systemError('EIO', 'link');
      },
    };
    const { folder, store } = await makePlace(disk);
    await expect(commit(store, { 0: { 8: { milk: 2 } } })).rejects.toThrow(OutcomeUnknown);
    expect(await textOf(folder.output)).toBe(null);
    broken = false;
    expect((await store.look()).version).toBe(1);
    expect(await textOf(folder.output)).toBe(expected);
  });
});
