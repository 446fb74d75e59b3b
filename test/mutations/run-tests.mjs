/** Vitest over the project at a root, in a process of its own that cannot hang. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {object} TestsRun
 * @property {boolean} passed
 * @property {boolean} timedOut
 * @property {number} ran Tests that passed or failed.
 * @property {string[]} failed Names of the tests that failed.
 * @property {string} printed
 */

/**
 * @typedef {object} TestsOptions
 * @property {number} timeoutMs
 * @property {number} [workers] Test files at a time; one by default.
 * @property {string[]} [args] More arguments for vitest.
 * @property {Record<string, string>} [env] Besides the environment that there is.
 */

/** @returns {Promise<TestsRun>} */
export async function runTests(root, files, /** @type {TestsOptions} */ options) {
  const folder = await mkdtemp(join(tmpdir(), 'daymark-report-'));
  try {
    const report = join(folder, 'report.json');
    const { code, timedOut, printed } = await runVitest(root, files, report, options);
    const tests = await readReport(report);
    const failed = tests.filter(({ status }) => status === 'failed').map(({ name }) => name);
    const ran = tests.filter(({ status }) => status === 'passed').length + failed.length;
    return { passed: code === 0 && ran > 0, timedOut, ran, failed, printed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runVitest(root, files, report, { timeoutMs, workers = 1, args = [], env = {} }) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--root', root, `--maxWorkers=${workers}`, ...reporters, ...args, ...files],
    {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that whatever the tests started ends with them.
      detached: true,
    },
  );
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => printed.push(bytes));
  }
  const endGroup = () => killGroup(child.pid);
  process.once('exit', endGroup);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup();
  }, timeoutMs);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  process.off('exit', endGroup);
  return { code, timedOut, printed: Buffer.concat(printed).toString('utf8') };
}

async function readReport(path) {
  const text = await readFile(path, 'utf8').catch(() => '{"testResults":[]}');
  return JSON.parse(text).testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ status, fullName }) => ({ status, name: fullName })),
  );
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
