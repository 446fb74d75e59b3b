/**
 * Root may read everything, and tests often run as root: to see a refusal, the process becomes nobody for
 * a moment.
 */
const isRoot = process.geteuid?.() === 0;
const nobody = 65_534;

/** Whether this process can be denied a file at all. */
export const canBeRefused = process.geteuid !== undefined && (!isRoot || canSwitch());

if (!canBeRefused) {
  process.stdout.write('Skipped: the tests on permissions, which this process is never denied.\n');
}

export async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!isRoot) return work();
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** False in worker threads and in containers that may not change their user. */
function canSwitch(): boolean {
  try {
    process.seteuid?.(nobody);
    process.seteuid?.(0);
    return true;
  } catch {
    return false;
  }
}
