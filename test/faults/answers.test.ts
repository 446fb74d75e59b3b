/** A run whose commit meets a fault past its commit point: the answer says what a reader can see. */
import { describe, expect, it } from 'vitest';
import { type Disk, nodeDisk } from '../../src/output/disk.js';
import { outputHeader, startTestService, type TestServiceOptions } from '../support/service.js';
import { systemError } from './faulty-disks.js';

const expected = `${outputHeader}0,8,milk,2\n`;

async function runOn(options: TestServiceOptions) {
  const service = await startTestService(options);
  await service.land('0', [[8, { milk: 2 }]]);
  return { service, ...(await service.run()) };
}

describe('a run', () => {
  it('whose rename fails once publishes again, and has succeeded', async () => {
    let failures = 1;
    const disk: Disk = {
      ...nodeDisk,
      rename: async (from, to) => {
        if (from.includes('/staged/') && failures-- > 0) throw systemError('EIO', 'rename');
        await nodeDisk.rename(from, to);
      },
    };
    const { service, status, body } = await runOn({ disk });
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
});
