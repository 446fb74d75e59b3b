/** Vitest over a copy of the project, in a process of its own that cannot hang. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @typedef {object} TestsRun
 * @property {boolean} passed
 * @property {boolean} timedOut
 * @property {number} ran Tests that passed or failed.
 * @property {string[]} failed Names of the tests that failed.
 * @property {string} printed
 */

/** @returns {Promise<TestsRun>} */
export async function runTests(root, files, { only, timeoutMs, bail = 1 }) {
  const report = join(root, 'report.json');
  await rm(report, { force: true });
  const child = spawn(process.execPath, argumentsFor(root, files, report, { only, bail }), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that whatever the tests started ends with them.
    detached: true,
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => printed.push(text));
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

  const tests = await readReport(report);
  const named = (status) => tests.filter((test) => test.status === status).map(({ name }) => name);
  const failed = named('failed');
  const ran = named('passed').length + failed.length;
  const text = Buffer.concat(printed).toString('utf8');
  return { passed: code === 0 && ran > 0, timedOut, ran, failed, printed: text };
}

function argumentsFor(root, files, report, { only, bail }) {
  return [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    ...['run', '--root', root, '--maxWorkers=1', `--bail=${bail}`],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...(only === undefined ? [] : ['--testNamePattern', only]),
    ...files,
  ];
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
