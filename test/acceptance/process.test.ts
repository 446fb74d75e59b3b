/** The service as an operator has it: a process with an environment, signals and an exit code. */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { outputHeader, rawText } from '../support/service.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

async function makePlace() {
  const root = await makeTempDir();
  const output = join(root, 'processed', 'orders.csv');
  const land = async (day: string, text = rawText([[8, { milk: 2 }]])) => {
    await mkdir(join(root, 'raw', day), { recursive: true });
    await writeFile(join(root, 'raw', day, 'orders.csv'), text);
  };
  await mkdir(join(root, 'raw'));
  return {
    root,
    output,
    land,
    start: (env: Record<string, string> = {}) =>
      startServiceProcess({
        DAYMARK_RAW_DIR: join(root, 'raw'),
        DAYMARK_OUTPUT_FILE: output,
        ...env,
      }),
  };
}

/** A day that takes the reference engine seconds. */
function largeDay(): string {
  const row = `1,8,${Array(50).fill(1).join(',')}\n`;
  const header = `order_id,order_hour_of_day,${Array.from({ length: 50 }, (_, n) => `c${n}`).join(',')}\n`;
  return header + row.repeat(150_000);
}

const post = (url: string, path: string) => fetch(`${url}${path}`, { method: 'POST' });

describe('at start', () => {
  it('every mistake in the configuration is named at once, with exit code 78', async () => {
    const { start } = await makePlace();
    const { code, stderr } = await start({
      DAYMARK_PORT: 'many',
      DAYMARK_LAYOUT: 'weekly',
      DAYMARK_HOST: '0.0.0.0',
    }).ended();
    expect(code).toBe(78);
    for (const name of ['PORT', 'LAYOUT', 'HOST']) expect(stderr).toContain(`DAYMARK_${name}`);
  });

  it('what only the disk can tell is named with all else, and nothing is made', async () => {
    const { root, start } = await makePlace();
    await writeFile(join(root, 'file'), 'no folder');
    const { code, stderr } = await start({
      DAYMARK_PORT: 'many',
      DAYMARK_TLS_CERT_FILE: join(root, 'no-cert.pem'),
      DAYMARK_TLS_KEY_FILE: join(root, 'file'),
      DAYMARK_REDIS_URL: 'rediss://localhost',
      DAYMARK_REDIS_TLS_CA_FILE: join(root, 'file'),
      DAYMARK_SPARK_MASTER: 'local[1]',
      DAYMARK_SPARK_SUBMIT: join(root, 'no-spark-submit'),
      DAYMARK_SPARK_STAGING: join(root, 'raw', 'staging'),
      DAYMARK_OUTPUT_FILE: join(root, 'file', 'processed', 'orders.csv'),
    }).ended();
    expect(code).toBe(78);
    const [headline, ...told] = stderr.trim().split('\n');
    expect(headline).toBe('The configuration is not valid:');
    expect(told).toEqual([
      expect.stringMatching(/^- DAYMARK_PORT /),
      expect.stringMatching(/^- DAYMARK_TLS_CERT_FILE \S+no-cert\.pem cannot be read: ENOENT/),
      expect.stringMatching(/^- DAYMARK_TLS_KEY_FILE \S+file is not a private key in PEM form/),
      expect.stringMatching(
        /^- DAYMARK_REDIS_TLS_CA_FILE \S+file is not a certificate in PEM form/,
      ),
      expect.stringMatching(/^- .*no-spark-submit is no program .* DAYMARK_SPARK_SUBMIT\.$/),
      expect.stringMatching(/^- DAYMARK_SPARK_STAGING leads into the raw root/),
      expect.stringMatching(
        /^- DAYMARK_OUTPUT_FILE \S+ cannot be written: \S+file is not a folder/,
      ),
    ]);
    expect((await readdir(root)).sort()).toEqual(['file', 'raw']);
  });

  it('a place on which commits cannot be atomic is refused with a sentence', async () => {
    const { root, output, start } = await makePlace();
    await mkdir(join(root, 'processed'));
    await writeFile(join(root, 'elsewhere.csv'), '');
    await symlink(join(root, 'elsewhere.csv'), output);
    const { code, stderr } = await start().ended();
    expect(code).toBe(78);
    expect(stderr).toMatch(/is a symbolic link, which a commit would replace/);
  });
});

describe('at SIGTERM', () => {
  it('an idle service ends with 0', async () => {
    const { start } = await makePlace();
    const service = start();
    const url = await service.url();
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await service.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
  });

  it('a run before its commit is interrupted, its client is answered, and nothing is left half done', async () => {
    const { root, output, land, start } = await makePlace();
    await land('0', largeDay());
    const service = start();
    const url = await service.url();
    const answer = post(url, '/v1/runs?wait=60');
    await eventually(async () => {
      const { runs } = (await (await fetch(`${url}/v1/runs`)).json()) as {
        runs: { status: string }[];
      };
      expect(runs[0]?.status).toBe('running');
    });
    const { code } = await service.end('SIGTERM');
    expect(code).toBe(0);
    expect((await answer).status).toBe(409);
    expect(await readdir(join(root, 'processed'))).toEqual(['_daymark']);

    const next = start();
    const again = await post(await next.url(), '/v1/runs?wait=60');
    expect(again.status).toBe(200);
    expect((await readFile(output, 'utf8')).split('\n')).toHaveLength(52);
  });
});

describe('at SIGKILL', () => {
  it('in the middle of a run the next process finds it interrupted, and does the work once', async () => {
    const { output, land, start } = await makePlace();
    await land('0');
    const first = start();
    await post(await first.url(), '/v1/runs?wait=60');
    await land('1', largeDay());
    const url = await first.url();
    const run = (await (await fetch(`${url}/v1/runs/nightly`, { method: 'PUT' })).json()) as {
      id: string;
    };
    expect((await first.end('SIGKILL')).signal).toBe('SIGKILL');
    expect(await readFile(output, 'utf8')).toBe(`${outputHeader}0,8,milk,2\n`);

    const second = await start().url();
    const found = (await (await fetch(`${second}/v1/runs/nightly`)).json()) as { id: string };
    expect(found).toMatchObject({ id: run.id, status: 'interrupted' });
    const retried = await fetch(`${second}/v1/runs/nightly?wait=60`, { method: 'PUT' });
    expect(await retried.json()).toMatchObject({
      status: 'succeeded',
      attempt: 2,
      days: [{ day: '1' }],
    });
    expect((await readFile(output, 'utf8')).split('\n')).toHaveLength(53);
  });
});
