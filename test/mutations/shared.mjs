/** Bugs in what processes share: runs and keys. */
const output = (name) => `src/output/${name}`;
const core = (name) => `src/core/${name}`;

const claims = 'test/output/run-claims.test.ts';
const records = 'test/output/shared-records.test.ts';
const living = 'test/process/living-process.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const sharedMutations = [
  {
    id: 'claim-pruned-is-an-error',
    file: output('run-claims.ts'),
    replace: "errorCode(error) === 'EEXIST' || ",
    by: '',
    why: 'a retry of a key fails inside, where the claim that was faster has been pruned since',
    caughtBy: claims,
  },
  {
    id: 'end-written-once-or-never',
    file: 'src/core/run-registry.ts',
    replace: 'if (!(await persist(entry))) unsaved.add(entry);',
    by: 'await persist(entry);',
    why: 'other replicas hold a run for running whose end met a full disk, until a restart',
    caughtBy: 'test/core/shared-planes.test.ts',
    only: 'could not be written is written later',
  },
  {
    id: 'killed-run-tells-what-it-planned',
    file: 'src/core/run-mirror.ts',
    replace: 'return { run: withoutCommit(run), isSure: true };',
    by: 'return { run, isSure: true };',
    why: 'a run that was killed before its commit says that it added days',
    caughtBy: 'test/core/shared-planes.test.ts',
    only: 'killed before its commit',
  },
  {
    id: 'key-not-looked-at-again',
    file: output('run-claims.ts'),
    replace: 'const isLast = attempts.at(-1) === attempt;',
    by: 'const isLast = true;',
    why: 'whoever slept before its claim gets an attempt that was pruned: two runs for one key',
    caughtBy: claims,
  },
  {
    id: 'lost-claim-is-won',
    file: output('run-claims.ts'),
    replace: 'if ((await read(claim.key, claim.attempt))?.runId !== claim.runId) return false;',
    by: '',
    why: 'two replicas start a run each for one key',
    caughtBy: claims,
  },
  {
    id: 'unclaimed-runs-are-told',
    file: output('run-watch.ts'),
    replace: 'return claim?.runId === run.id;',
    by: 'return claim !== undefined;',
    why: 'a caller is told the id of a run that another process is about to take back',
    caughtBy: records,
  },
  {
    id: 'last-word-not-read',
    file: output('run-watch.ts'),
    replace: "if (hasEnded(last.stored.run)) return { ...last.stored, knownBy: 'told' };",
    by: '',
    why: 'a run that succeeded a moment before its process ended reads interrupted',
    caughtBy: records,
  },
  {
    id: 'silence-is-for-ever',
    file: output('run-watch.ts'),
    replace: "const isQuiet = fate === 'unknown' && now - each.sinceMs >= silenceMs;",
    by: 'const isQuiet = now < each.sinceMs;',
    why: 'a run of another host that died reads running for ever',
    caughtBy: records,
  },
  {
    id: 'missed-records-stay-missed',
    file: output('run-files.ts'),
    replace: '        forget(id);\n        listed = null;\n',
    by: '',
    why: 'after one error of the disk a replica never learns of a run',
    caughtBy: records,
  },
  {
    id: 'zombies-live',
    file: 'src/process/living-process.ts',
    replace: "const hasEnded = state === 'Z' || state === 'X';",
    by: "const hasEnded = state === 'X';",
    why: 'in a container without an init, the runs of a killed process read running for ever',
    caughtBy: living,
  },
  {
    id: 'ids-go-back',
    file: core('run-ids.ts'),
    replace: 'return msecs > lastMs ? id : uuidv7({ msecs });',
    by: 'return msecs > lastMs ? id : uuidv7({ msecs: msecs - 2 });',
    why: 'pages of runs lose some, once the clock was put back',
    caughtBy: 'test/core/run-ids.test.ts',
  },
  {
    id: 'idle-runs-push-others-out',
    file: core('run-entries.ts'),
    replace: 'inOrder.filter(({ run }) => hasEnded(run))',
    by: 'inOrder.filter(({ run }) => hasEnded(run) && !didNothing(run))',
    why: 'records of runs that did nothing pile up for ever',
    caughtBy: 'test/core/runs.test.ts',
  },
  {
    id: 'runs-abroad-not-followed',
    file: core('run-registry.ts'),
    replace: 'timer ??= setInterval(() => void refresh(), history.pace.followMs).unref();',
    by: '',
    why: 'whoever waits for the run of another process waits until its time is over',
    caughtBy: 'test/core/run-feed.test.ts',
  },
];
