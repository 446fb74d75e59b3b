/**
 * Attacks the promises for as long as it is told to, with new seeds in every round, and stops at the first
 * that breaks. Prints its figures at the end, as a table for docs/RELIABILITY.md. Needs a compiled service
 * in `dist/`.
 *
 *   node test/soak/main.mjs [--minutes 30] [--seed 1] [part of a suite’s name …]
 *
 * A suite that has begun is not cut off: the soak ends with the first one that ends after its time. `--help`
 * says the rest.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runTests } from '../mutations/run-tests.mjs';
import { addTo, countsIn, inWords } from './counts.mjs';
import { help } from './help.mjs';
import { settingsOf, suites } from './suites.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals: wanted } = parseArgs({
  options: {
    minutes: { type: 'string', default: process.env.DAYMARK_SOAK_MINUTES ?? '30' },
    seed: { type: 'string', default: process.env.DAYMARK_SOAK_SEED ?? `${Date.now() % 1e9}` },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const print = (text) => process.stdout.write(`${text}\n`);
if (values.help) {
  print(help);
  process.exit(0);
}
const minutes = Number(values.minutes);
const firstSeed = Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(firstSeed)) {
  throw new Error('--minutes must be a number above 0, --seed an integer');
}
const soakMs = minutes * 60_000;
/** No suite takes as long, unless it hangs. */
const longestSuiteMs = 60 * 60_000;
/** Of tests that have no limit of their own: a busy machine must not look like a broken promise. */
const longestTestMs = 20 * 60_000;

const chosen = suites.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
if (chosen.length === 0) {
  print(`No suite has ${wanted.map((part) => `“${part}”`).join(' or ')} in its name.\n\n${help}`);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const startedAt = performance.now();
const isOver = () => performance.now() - startedAt >= soakMs;
const totals = { rounds: 0, tests: 0 };
process.exitCode = (await soak()) ? 0 : 1;

async function soak() {
  print(`Soaking for ${minutes} minutes, from seed ${firstSeed} on.`);
  for (let round = 0; !isOver(); round += 1) {
    const due = chosen.filter(({ random }) => random || round === 0);
    if (due.length === 0) break;
    totals.rounds += 1;
    for (const suite of due) {
      if (isOver()) break;
      if (!(await holds(suite, firstSeed + round))) return false;
    }
  }
  // Every suite compares the output with what it must be, to the byte: a wrong row would have ended this.
  printTotals({ ...totals, 'lost rows': 0, 'doubled rows': 0 });
  return true;
}

/** Whether the suite passes; when it does not, says how to see it again. */
async function holds({ name, files }, seed) {
  const settings = settingsOf(seed, minutes);
  const began = performance.now();
  const run = await runTests(root, files, {
    timeoutMs: longestSuiteMs,
    env: settings,
    args: [
      '--disableConsoleIntercept',
      '--bail=1',
      `--testTimeout=${longestTestMs}`,
      `--hookTimeout=${longestTestMs}`,
    ],
  });
  const counts = countsIn(run.printed);
  addTo(totals, { ...counts, tests: run.ran });
  const seconds = Math.round((performance.now() - began) / 1000);
  const told = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  print(
    `${run.passed ? 'held' : 'BROKE'}  seed ${seed}, ${seconds} s: ${name}; ${told.join(', ')}`,
  );
  if (run.passed) return true;

  const environment = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  print(`\n${run.printed}`);
  print(run.timedOut ? `It hung for ${longestSuiteMs / 60_000} minutes.` : run.failed.join('\n'));
  print(`\nAgain: ${environment.join(' ')} npx vitest run ${files.join(' ')}`);
  printTotals(totals);
  return false;
}

function printTotals(figures) {
  const tookMinutes = Math.round((performance.now() - startedAt) / 60_000);
  print(`\n${tookMinutes} minutes, seeds ${firstSeed} to ${firstSeed + totals.rounds - 1}:\n`);
  print('| what | how many |\n| --- | ---: |');
  for (const [what, count] of Object.entries(figures)) {
    print(`| ${inWords(what)} | ${count.toLocaleString('en')} |`);
  }
}
