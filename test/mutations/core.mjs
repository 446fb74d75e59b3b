/** Bugs in what the core decides. */
const core = (file) => `src/core/${file}`;
const reconciles = 'test/core/reconcile.test.ts';
const runs = 'test/core/runs.test.ts';
const model = 'test/model/histories.test.ts';
const lookGuards = 'test/core/look-guard.test.ts';
const planGuards = 'test/core/plan-guard.test.ts';
const runGuards = 'test/core/run-guard.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const coreMutations = [
  // ---------------------------------------------------------------- reconcile and plan
  {
    id: 'late-is-new',
    file: core('reconcile.ts'),
    replace: 'layout.compare(day, highest) < 0;',
    by: 'layout.compare(day, highest) > 0;',
    why: 'a late day is taken for a new one, and the other way round',
    caughtBy: reconciles,
  },
  {
    id: 'late-days-skipped',
    file: core('plan.ts'),
    replace: 'return taking((status) => status.pending);',
    by: 'return taking((status) => status.pending && above(status));',
    why: 'a day that comes late is skipped in silence',
    caughtBy: 'test/core/plan.test.ts',
  },
  {
    id: 'not-below-for-above',
    file: core('plan.ts'),
    replace: 'layout.compare(day, checkpoint.highest) > 0;',
    by: 'layout.compare(day, checkpoint.highest) >= 0;',
    why: '`new` takes the checkpoint’s own day again',
    caughtBy: planGuards,
  },
  {
    id: 'no-checkpoint-is-day-0',
    file: core('plan.ts'),
    replace: 'checkpoint.highest === null || layout.compare(day, checkpoint.highest) > 0;',
    by: "layout.compare(day, checkpoint.highest ?? ('0' as Day)) > 0;",
    why: 'day 0 is never processed',
    caughtBy: planGuards,
  },
  {
    id: 'days-ordered-as-text',
    file: core('day.ts'),
    replace: 'compare: (a, b) => Number(a) - Number(b),',
    by: 'compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),',
    why: 'day 10 comes before day 9, and the checkpoint with it',
    caughtBy: 'test/core/day.test.ts',
  },
  {
    id: 'checkpoint-before-commit',
    file: core('reconcile.ts'),
    replace: 'if (output !== null) return true;',
    by: 'if (output !== null || ready) return true;',
    why: 'the checkpoint moves to a day whose rows are not in the output yet',
    caughtBy: reconciles,
  },
  {
    id: 'archived-days-not-counted',
    file: core('reconcile.ts'),
    replace: 'if (output !== null) return true;',
    by: 'if (output !== null) return ready;',
    why: 'the checkpoint falls back when old raw folders are removed',
    caughtBy: reconciles,
  },
  {
    id: 'mark-not-read',
    file: core('reconcile.ts'),
    replace: "if (ledger?.reprocess) {\n    return pending(ready, 'rewound',",
    by: "if (ledger?.reprocess && output === null) {\n    return pending(ready, 'rewound',",
    why: 'a rewound day is not made anew',
    caughtBy: reconciles,
  },
  {
    id: 'doubled-is-fine',
    file: core('reconcile.ts'),
    replace: 'if (output?.doubled) return damageReasons.doubled;',
    by: 'if (output?.doubled && ledger !== null) return damageReasons.doubled;',
    why: 'a legacy output that counts days twice is adopted as it is',
    caughtBy: reconciles,
  },
  {
    id: 'altered-is-fine',
    file: core('reconcile.ts'),
    replace: 'output.sha256 !== ledger.sha256) return',
    by: 'output.rows !== ledger.rows) return',
    why: 'an edited number in the output stays',
    caughtBy: reconciles,
  },
  {
    id: 'lost-is-empty',
    file: core('reconcile.ts'),
    replace: 'if (output === null && (ledger.rows > 0 ||',
    by: 'if (output === null && (ledger.rows < 0 ||',
    why: 'a day whose rows were cut away passes for an empty one',
    caughtBy: reconciles,
  },
  {
    id: 'mtime-not-compared',
    file: core('reconcile.ts'),
    replace:
      '        file.sizeBytes === other.sizeBytes &&\n        file.mtimeNs === other.mtimeNs\n',
    by: '        file.sizeBytes === other.sizeBytes\n',
    why: 'a corrected raw file of the same size is never read again',
    caughtBy: reconciles,
  },
  {
    id: 'foreign-type-overwritten',
    file: core('checkpoint-reading.ts'),
    replace: "return { checkpoint: status('wrong-type'), repair: null };",
    by: "return repaired('wrong-type', null);",
    why: 'a key that belongs to someone else is to be overwritten',
    caughtBy: reconciles,
  },

  // ---------------------------------------------------------------- looking at the world
  {
    id: 'output-before-checkpoint',
    file: core('reconciler.ts'),
    replace: '      output = await lookAtOutput();\n',
    by: '',
    why: 'a slow look moves the checkpoint back over a commit that came in between',
    caughtBy: lookGuards,
  },
  {
    id: 'raw-before-output',
    file: core('reconciler.ts'),
    replace: '      if (output !== outputBefore) raw = await listAgain();\n',
    by: '',
    why: 'a day that another process has just committed seems to lack its raw data',
    caughtBy: lookGuards,
  },
  {
    id: 'look-shared-that-began-before',
    file: core('reconciler.ts'),
    replace:
      '    next = null;\n    const looking = look();\n    current = looking.catch(() => {});\n    return looking;\n',
    by: '    const looking = look();\n    current = looking.catch(() => {});\n    return looking.finally(() => {\n      next = null;\n    });\n',
    why: 'a request is answered from before the day landed that it was sent for',
    caughtBy: lookGuards,
  },

  // ---------------------------------------------------------------- runs
  {
    id: 'raw-not-compared-after-reading',
    file: core('aggregate-day.ts'),
    replace: 'if (after?.identity !== raw.identity) {',
    by: 'if (after === undefined) {',
    why: 'a file that grew while it was read is committed half',
    caughtBy: runGuards,
  },
  {
    id: 'refused-files-left-out',
    file: core('aggregate-day.ts'),
    replace: 'return raw.refused.length > 0 ? refused(raw) :',
    by: 'return raw.refused.length > 0 && raw.files.length === 0 ? refused(raw) :',
    why: 'a day is committed without the file that could not be read',
    caughtBy: runGuards,
  },
  {
    id: 'stale-aggregate-after-a-conflict',
    file: core('execute-run.ts'),
    replace: 'const isSame = earlier && sameFingerprint(earlier.raw.fingerprint, raw.fingerprint);',
    by: 'const isSame = earlier;',
    why: 'after a lost race the old sums of a day are committed, though its file has changed',
    caughtBy: runGuards,
  },
  {
    id: 'days-so-far-not-told',
    file: core('run-registry.ts'),
    replace: 'if (entry.sofar !== null) entry.run = { ...entry.run, days: entry.sofar() };',
    by: '',
    why: 'who looks at a run, or is stopped in the middle of one, does not see the days that are done',
    caughtBy: 'test/core/many-days.test.ts',
  },
  {
    id: 'adopted-days-not-fingerprinted',
    file: core('execute-run.ts'),
    replace: "if (state === 'processed' && ledger === null) found.set",
    by: "if (state === 'archived' && ledger === null && raw !== null) found.set",
    why: 'a later change of an adopted day’s raw files is not noticed',
    caughtBy: runGuards,
  },
  {
    id: 'dry-run-commits',
    file: core('execute-run.ts'),
    replace:
      "if (handle.request.dryRun) return finish(options, work, first, survey, { kind: 'unchanged' });",
    by: '',
    why: 'a dry run writes',
    caughtBy: model,
  },
  {
    id: 'replay-though-a-day-is-pending',
    file: core('run-decisions.ts'),
    replace: 'const somethingNew = found.take.some(({ pending }) => pending);',
    by: 'const somethingNew = found.take.some(({ pending }) => !pending && pending);',
    why: 'a cleared scheduler task never sees the file that came late',
    caughtBy: runs,
    only: 'makes a new attempt when a day',
  },
  {
    id: 'attached-to-what-already-looked',
    file: core('run-queue.ts'),
    replace: "      case 'queue':\n        return enqueue(request, binding);\n",
    by: "      case 'queue':\n        return share(busy, binding);\n",
    why: 'a trigger that is sent after a day landed gets a run that does not see it',
    caughtBy: runs,
    only: 'equal requests share one follow-up run',
  },
  {
    id: 'sorted-by-utf-16',
    file: core('category-order.ts'),
    replace: 'return hasSurrogate.test(a) || hasSurrogate.test(b)',
    by: 'return hasSurrogate.test(a) && hasSurrogate.test(b)',
    why: 'the same data gives other bytes than elsewhere',
    caughtBy: 'test/engine/conformance.test.ts',
    only: 'categories by code point',
  },
];
