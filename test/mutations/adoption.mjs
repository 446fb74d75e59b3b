/** Bugs in whose state it is, what is made of days of others, and what is told. */
const core = (file) => `src/core/${file}`;
const output = (file) => `src/output/${file}`;
const model = 'test/model/histories.test.ts';
const notices = 'test/acceptance/notices.test.ts';
const noticesLog = 'test/core/notices-log.test.ts';
const contention = 'test/core/contention.test.ts';
const olderLayout = 'test/faults/older-layout.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const adoptionMutations = [
  // ---------------------------------------------------------------- whose state it is
  {
    id: 'state-folder-shared',
    file: output('state-folder.ts'),
    replace: 'const root = join(shared, outputName);',
    by: 'const root = shared;',
    why: 'two outputs in one folder commit to one ledger, and each gets the rows of the other',
    caughtBy: 'test/output/two-outputs.test.ts',
  },
  {
    id: 'record-of-another-output',
    file: output('record-file.ts'),
    replace: 'output: z.literal(output) };\n  const unnamed',
    by: 'output: z.string() };\n  const unnamed',
    why: 'a record that a restore put into the wrong folder is believed',
    caughtBy: 'test/output/two-outputs.test.ts',
  },
  {
    id: 'older-state-unlooked',
    file: output('older-layout.ts'),
    replace: 'if (located !== null && describes(located)) {',
    by: 'if (located !== null) {',
    why: 'the older state of another output, or of an output that was changed since, is taken over',
    caughtBy: olderLayout,
    only: 'is refused',
  },
  {
    id: 'older-state-waits-in-vain',
    file: output('older-layout.ts'),
    replace: 'return record?.staged === true && isMarked(identity, record.base);',
    by: 'return false;',
    why: 'an output whose older version was killed before a publication cannot start',
    caughtBy: olderLayout,
    only: 'takes all of it',
  },
  {
    id: 'older-records-first',
    file: output('older-layout.ts'),
    replace: '  for (const part of parts) await movePart(disk, older[part], folder[part]);\n',
    by: '  await unlessAbsent(() => disk.rename(older.commits, folder.commits), undefined);\n  for (const part of parts) await movePart(disk, older[part], folder[part]);\n',
    why: 'a takeover that is cut short leaves runs and copies behind for good',
    caughtBy: olderLayout,
    only: 'cut short after any move',
  },
  {
    id: 'older-parts-left',
    file: output('older-layout.ts'),
    replace: "    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;\n",
    by: "    if (code === 'ENOTEMPTY' || code === 'EEXIST') return;\n",
    why: 'a commit that waits is lost when two processes start at the same moment',
    caughtBy: olderLayout,
    only: 'takes all of it',
  },
  {
    id: 'older-state-refused-late',
    file: output('older-layout.ts'),
    replace: '  if (await hasOwnState(place)) return [];\n  throw',
    by: '  throw',
    why: 'of two processes that start at the same moment, one refuses what the other took over',
    caughtBy: olderLayout,
    only: 'no reason to refuse',
  },

  // ---------------------------------------------------------------- days of others
  {
    id: 'adoption-trusts',
    file: core('reconcile.ts'),
    replace: "ledger === null ? adopt === 'compare' : ",
    by: "ledger === null ? adopt !== 'compare' : ",
    why: 'days of an old job are believed, however often it counted them',
    caughtBy: model,
  },
  {
    id: 'unverified-not-pending',
    file: core('reconcile.ts'),
    replace: "ledger.adopted === 'unverified';",
    by: "ledger.adopted === 'unverified' && adopt === 'trust';",
    why: 'a day that was adopted while its raw files were away is never compared with them',
    caughtBy: model,
  },
  {
    id: 'definition-not-compared',
    file: core('reconcile.ts'),
    replace: 'return ledger !== null && ledger.definition !== definition;',
    by: 'return ledger === undefined && definition === null;',
    why: 'days made with other ignored columns stay as they are, beside those made with the new ones',
    caughtBy: model,
  },
  {
    id: 'complete-past-waiting',
    file: core('reconcile.ts'),
    replace: "state !== 'processed' && state !== 'archived');",
    by: "!['processed', 'archived', 'waiting'].includes(state));",
    why: '`completeThrough` goes past a day that has not arrived yet',
    caughtBy: model,
  },
  {
    id: 'key-always-highest',
    file: core('checkpoint-reading.ts'),
    replace: "rule === 'complete' ? reached.completeThrough : reached.highest;",
    by: 'reached.highest;',
    why: 'with DAYMARK_CHECKPOINT_RULE=complete the key moves past days that are missing',
    caughtBy: model,
  },

  // ---------------------------------------------------------------- what is told
  {
    id: 'contention-never-told',
    file: core('reconciler.ts'),
    replace: '    const others = contention.notices();\n',
    by: '    const others: Notice[] = [];\n',
    why: 'two services move one checkpoint back and forth, and no one knows',
    caughtBy: notices,
    only: 'share a checkpoint key',
  },
  {
    id: 'cleared-key-contends',
    file: core('contention.ts'),
    replace: 'isAsItWas && text !== null && text !== last.text;',
    by: 'isAsItWas && text !== last.text;',
    why: 'a key that is cleared now and then is told to be moved by another service',
    caughtBy: contention,
  },
  {
    id: 'other-writer-forgotten',
    file: core('contention.ts'),
    replace: '    otherWriter = { seenAtMs: now(), message };\n',
    by: '',
    why: 'of two services with other settings only the one that did not commit last is told',
    caughtBy: notices,
    only: 'are told by both',
  },
  {
    id: 'unreadable-head-not-told',
    file: core('notices.ts'),
    replace: '  if (unreadable === null) return [];\n',
    by: '  if (unreadable !== undefined) return [];\n',
    why: 'a ledger that is lost is not told, nor that corrections since then could be missed',
    caughtBy: model,
  },
  {
    id: 'notices-not-logged',
    file: core('reconciler.ts'),
    replace: '      observer.noticed(ledgerNotices(output));\n',
    by: '',
    why: 'a ledger that cannot be read does not stand in the log of the start',
    caughtBy: noticesLog,
  },
  {
    id: 'settings-never-taken-over',
    file: core('execute-run.ts'),
    replace:
      'return described && (record === null || isDeepStrictEqual(record.settings, settings));',
    by: 'return described;',
    why: 'a setting that was changed on purpose is told for ever',
    caughtBy: notices,
    only: 'run without a day',
  },
  {
    id: 'dry-run-takes-the-tale',
    file: core('events.ts'),
    replace: 'if (!dryRun) untold = [];',
    by: 'untold = [];',
    why: 'what recovery did is told to a dry run alone',
    caughtBy: notices,
    only: 'a publication that a start finished',
  },
  {
    id: 'rewind-keeps-in-silence',
    file: core('rewind.ts'),
    replace: "  if (result.kind === 'committed') reconciler.note(result.warnings);\n",
    by: '',
    why: 'a copy that a rewind kept of what was not ours is told nowhere',
    caughtBy: notices,
    only: 'a copy that a rewind kept',
  },
  {
    id: 'foreign-days-not-told',
    file: core('notices.ts'),
    replace: 'output && !ledger && !raw?.ready);',
    by: 'output && !ledger && raw?.ready);',
    why: 'rows of someone else without raw data are taken in silence',
    caughtBy: model,
  },
  {
    id: 'first-columns-told',
    file: core('known-columns.ts'),
    replace:
      'record === null || record.columns === null || record.columns.length === 0) return [];',
    by: 'record?.columns === null) return [];',
    also: [
      ['const known = new Set(record.columns);', 'const known = new Set(record?.columns ?? []);'],
    ],
    why: 'every column of the first run is told to be a new one',
    caughtBy: notices,
    only: 'no raw file had before',
  },
  {
    id: 'new-columns-not-kept',
    file: core('known-columns.ts'),
    replace: '[...all].sort();',
    by: '[...known];',
    why: 'a new column is told by every run that meets it',
    caughtBy: notices,
    only: 'no raw file had before',
  },
];
