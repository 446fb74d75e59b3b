import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { makeSpillFolder } from '../../../src/engine/duckdb/spill-folder.js';
import { makeTempDir } from '../../support/temp-dir.js';

it('where temporary files cannot be, says so, and what to do', async () => {
  const nowhere = join(await makeTempDir(), 'nowhere');
  vi.stubEnv('TMPDIR', nowhere);
  try {
    expect(makeSpillFolder).toThrow(
      new RegExp(`none can be made in ${nowhere}: .*Set TMPDIR to a folder`),
    );
  } finally {
    vi.unstubAllEnvs();
  }
});
