/** Bugs in what the service makes of the disks and mounts that it is given. */
const starts = 'test/acceptance/disk-starts.test.ts';
const hangs = 'test/acceptance/hung-mounts.test.ts';
const truth = 'test/acceptance/ready-truth.test.ts';
const access = 'test/output/access.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const diskMutations = [
  {
    id: 'moves-not-tried-into-backup',
    file: 'src/output/probes.ts',
    replace: `    await move('link', 'outputFolder', 'backup');
    await move('rename', 'staged', 'outputFolder', other);
    await disk.remove(at('backup'));
    await move('rename', 'staged', 'backup');
`,
    by: '',
    why: 'a mount over backup/ passes the start, and the first foreign version cannot be kept',
    caughtBy: starts,
    only: 'backup folder',
  },
  {
    id: 'output-mount-not-seen',
    file: 'src/output/mounted-apart.ts',
    replace: 'if (isPoint(output))',
    by: 'if (false)',
    why: 'an output that is a mount passes the start, and no version can take its place',
    caughtBy: starts,
    only: 'output file itself',
  },
  {
    id: 'mount-found-behind-the-commit-point',
    file: 'src/output/output-store.ts',
    replace: 'await insistOnPlace();',
    by: '',
    why: 'a mount that was made meanwhile leaves a commit that no look can publish',
    caughtBy: starts,
    only: 'while the service works',
  },
  {
    id: 'full-disk-stops-the-start',
    file: 'src/output/place.ts',
    replace: 'if (isNoRoom(error)) return why;',
    by: '',
    why: 'after a restart on a full disk nothing can be read that was committed',
    caughtBy: starts,
    only: 'serves what was committed',
  },
  {
    id: 'probes-left-behind',
    file: 'src/output/place.ts',
    replace: '  await removeOldProbes(disk, folder);\n',
    by: '',
    why: 'each start that is killed leaves files behind',
    caughtBy: starts,
    only: 'killed start',
  },
  {
    id: 'ready-on-a-full-disk',
    file: 'src/telemetry/readiness.ts',
    replace: 'return found.why === null ? permitted : ',
    by: 'return found.why !== undefined ? permitted : ',
    why: 'the service says that it is ready where every run is refused',
    caughtBy: truth,
  },
  {
    id: 'hung-look-is-slow',
    file: 'src/telemetry/readiness.ts',
    replace: 'if (hanging !== null)',
    by: 'if (hanging === undefined)',
    why: 'the service says that it is ready where no data route answers',
    caughtBy: hangs,
    only: 'readiness is the first to find out',
  },
  {
    id: 'routes-wait-for-a-hung-mount',
    file: 'src/disk/waits.ts',
    replace: 'if (why !== null) reject(refuse(why));',
    by: '',
    why: 'data routes never answer where a mount hangs',
    caughtBy: hangs,
    only: 'output folder',
  },
  {
    id: 'exit-waits-for-a-hung-mount',
    file: 'src/main.ts',
    replace: "if (isAnythingAwaited()) process.kill(process.pid, 'SIGKILL');",
    by: '',
    why: 'a service whose mount hangs does not end',
    caughtBy: hangs,
    only: 'ends all the same',
  },
  {
    id: 'store-awaited-by-a-lost-look',
    file: 'src/core/reconciler.ts',
    replace: 'await Promise.all([reading, looking, listing])',
    by: '[await reading, ...(await Promise.all([looking, listing]))]',
    why: 'requests wait for a checkpoint that hangs on the same mount as the output, which is known to',
    caughtBy: 'test/core/look-guard.test.ts',
    only: 'does not wait for the store',
  },
  {
    id: 'rights-for-another-group',
    file: 'src/disk/access.ts',
    replace: 'isGrouped ? wanted.mode : withoutGroup(wanted.mode)',
    by: 'isGrouped ? wanted.mode : wanted.mode',
    why: 'where a group may not be given, what it might is given to the group of the service',
    caughtBy: access,
    only: 'no other group',
  },
  {
    id: 'mode-and-owner-lost',
    file: 'src/output/stage.ts',
    replace: 'plan.base === null || (await takeAccess(file, plan.base.file, plan.tell))',
    by: 'true',
    why: 'a commit makes an output readable for all that was not',
    caughtBy: access,
  },
  {
    id: 'given-away-before-its-mode',
    file: 'src/disk/access.ts',
    replace:
      'if ((found.mode & 0o777) !== (mode & 0o777)) await chmod(file.descriptor, mode & 0o777);',
    by: '',
    why: 'who may give a file away, and no more, can commit nothing',
    caughtBy: access,
    only: 'before it is given away',
  },
  {
    id: 'look-behind-a-commit-reads-all',
    file: 'src/output/output-store.ts',
    replace: 'known = committed.state ?? known;',
    by: 'setImmediate(() => (known = committed.state ?? known));',
    why: 'each look that waits for a commit reads the whole output again',
    caughtBy: 'test/output/look-behind-commit.test.ts',
  },
  {
    id: 'rows-fail-as-a-defect',
    file: 'src/output/output-store.ts',
    replace:
      'asProblems(folder, () => readRows({ disk, folder }, base as LocatedState, query, take)),',
    by: 'readRows({ disk, folder }, base as LocatedState, query, take),',
    why: 'a file that may not be read is told as a defect of Daymark',
    caughtBy: 'test/acceptance/operations.test.ts',
  },
];
