/**
 * Shows that the tests would notice: each deliberate bug is put into a copy of the project, and the test
 * file that is expected to catch it must fail. Ends with 1 when a bug survives.
 *
 *   node test/mutations/main.mjs [part of an id …]
 */

import { copyProject } from './copy.mjs';
import { coreMutations } from './core.mjs';
import { edgeMutations } from './edges.mjs';
import { lookMutations } from './looks.mjs';
import { misfits, whileMutated } from './mutation.mjs';
import { outputMutations } from './output.mjs';
import { runTests } from './run-tests.mjs';

const timeoutMs = 180_000;
const soundTimeoutMs = 900_000;

const print = (text) => process.stdout.write(`${text}\n`);
const wanted = process.argv.slice(2);
const mutations = [...outputMutations, ...coreMutations, ...edgeMutations, ...lookMutations].filter(
  ({ id }) => wanted.length === 0 || wanted.some((part) => id.includes(part)),
);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const copy = await copyProject();
try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  await copy.remove();
}

async function main() {
  const wrong = await misfits(mutations, copy.root);
  if (wrong.length > 0) {
    print(`The table of mutations does not fit the code any more:\n${wrong.join('\n')}`);
    return false;
  }
  return (await isSound()) && (await areCaught());
}

/** Without any bug the same tests pass; else their failures would say nothing. */
async function isSound() {
  const files = [...new Set(mutations.map(({ caughtBy }) => caughtBy))];
  print(`${mutations.length} mutations. First, ${files.length} test files on the code as it is …`);
  const { passed, failed, printed } = await runTests(copy.root, files, {
    timeoutMs: soundTimeoutMs,
  });
  if (!passed) print(`They fail already:\n${failed.join('\n') || printed}`);
  return passed;
}

async function areCaught() {
  const rows = [];
  for (const mutation of mutations) {
    const row = await judge(mutation);
    rows.push(row);
    print(`${row.caught ? 'caught' : 'NOT CAUGHT'}  ${mutation.id}: ${row.verdict}`);
  }
  const caught = rows.filter((row) => row.caught).length;
  print(`\n${table(rows)}\n\n${caught} of ${rows.length} mutations were caught.`);
  return caught === rows.length;
}

async function judge(mutation) {
  const { caughtBy, only } = mutation;
  const run = await whileMutated(mutation, copy.root, () =>
    runTests(copy.root, [caughtBy], {
      timeoutMs,
      args: ['--bail=1', ...(only === undefined ? [] : ['--testNamePattern', only])],
    }),
  );
  const [first] = run.failed;
  const verdict = first === undefined ? verdictOf(run) : `${caughtBy} › ${first}`;
  return { mutation, caught: first !== undefined, verdict };
}

/** Of tests of which none failed. A hang is no catch: it may be the machine's. */
function verdictOf({ passed, timedOut, ran, printed }) {
  if (passed) return 'SURVIVED';
  if (timedOut) return `TIMED OUT after ${timeoutMs / 1000} s`;
  if (ran === 0) return `NO TEST RAN; the mutation may not compile:\n${printed}`;
  return `BROKEN without a failed test:\n${printed}`;
}

function table(rows) {
  const head = '| mutation | why it is a bug | caught by |\n| --- | --- | --- |';
  const lines = rows.map(
    ({ mutation: { id, file, why }, verdict }) =>
      `| \`${id}\` in ${file} | ${why} | ${verdict.split('\n', 1)[0]} |`,
  );
  return [head, ...lines].join('\n');
}
