/** Bugs in what is remembered between looks, and in how a look finds out that it still holds. */
const stamps = (file) => `src/stamps/${file}`;
const raw = (file) => `src/raw/${file}`;
const steady = 'test/raw/steady.test.ts';
const heads = 'test/output/steady-records.test.ts';
const lookGuards = 'test/core/look-guard.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const lookMutations = [
  {
    id: 'stamp-without-ctime',
    file: stamps('stamp.ts'),
    replace: '    a.ctimeNs === b.ctimeNs &&\n',
    by: '',
    why: 'a file rewritten in place, with size and mtime put back, looks unchanged',
    caughtBy: steady,
  },
  {
    id: 'rest-not-waited-for',
    file: stamps('steady.ts'),
    replace: ' && seenAtMs - Number(stamp.ctimeNs / 1_000_000n) >= restMs',
    by: '',
    why: 'what changes twice within a tick of the clock is seen once',
    caughtBy: steady,
  },
  {
    id: 'untrusted-file-system',
    file: stamps('steady.ts'),
    replace: 'stamp.dev === dev && ',
    by: '',
    why: 'folders of an object store never seem to get new files',
    caughtBy: steady,
  },
  {
    id: 'dead-thread-saw-nothing',
    file: stamps('stamp-watch.ts'),
    replace: '    if (changed === null) await this.close();\n    return changed;',
    by: '    return changed ?? new Set();',
    why: 'after a thread died nothing ever changes',
    caughtBy: steady,
  },
  {
    id: 'group-by-its-first-path',
    file: stamps('groups.ts'),
    replace: 'if (!paths.every(isAsItWas))',
    by: 'if (!paths.slice(0, 1).every(isAsItWas))',
    why: 'a file that is rewritten in place is not noticed, because its folder is as it was',
    caughtBy: steady,
  },
  {
    id: 'folder-not-watched',
    file: raw('raw-day.ts'),
    replace: 'const paths = [{ path: folder, stamp }];',
    by: 'const paths: StampedPath[] = [];',
    why: 'a file that comes into a day is not noticed',
    caughtBy: steady,
  },
  {
    id: 'links-taken-for-steady',
    file: raw('raw-day.ts'),
    replace: "entry.kind === 'refused' || entry.linked",
    by: "entry.kind === 'refused'",
    why: 'what lies behind a link can be renamed without a trace here',
    caughtBy: steady,
  },
  {
    id: 'root-found-once',
    file: raw('raw-root.ts'),
    replace: `root === rawDir ? [root] : [root, \`\${rawDir}/.\`]`,
    by: '[root]',
    why: 'a root that is a link, and is led elsewhere, is read where it was',
    caughtBy: steady,
  },
  {
    id: 'known-folders-of-another-root',
    file: raw('raw-root.ts'),
    replace: 'known?.root === root ? known.byName : null',
    by: 'known?.byName ?? null',
    why: 'days of an exchanged root are read in the old one',
    caughtBy: steady,
  },
  {
    id: 'head-by-the-output-alone',
    file: 'src/output/steady-records.ts',
    replace: 'sameIdentity(known.folder, glance(disk, commits) ?? null)',
    by: 'glance(disk, commits)',
    why: 'a rewind by another process, which changes no byte, goes unnoticed',
    caughtBy: heads,
  },
  {
    id: 'head-by-the-records-alone',
    file: 'src/output/output-store.ts',
    replace: ' && isAtOnce(disk, folder, state)',
    by: '',
    why: 'an output that someone edits goes unnoticed',
    caughtBy: heads,
  },
  {
    id: 'thought-over-too-seldom',
    file: 'src/core/reconciler.ts',
    replace: ' && isDeepStrictEqual(last.stored, stored)',
    by: '',
    why: 'a checkpoint that is lost or changed in the store goes unnoticed',
    caughtBy: 'test/http/checkpoint.test.ts',
  },
  {
    id: 'judged-by-an-older-output',
    file: 'src/core/reconciler.ts',
    replace: 'output !== lastOutput || reconciled.repair !== null',
    by: 'output !== lastOutput',
    why: 'a checkpoint read after a commit, and judged by the output from before, is moved back',
    caughtBy: lookGuards,
  },
];
