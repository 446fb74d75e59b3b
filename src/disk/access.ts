/** Who may do what with a file: its owner, group and mode. Access lists and other attributes are not known here. */
import { fchmod, fchown, fstat, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { type DiskFile, errorCode } from './disk.js';

const statOf = promisify<number, Stats>(fstat);
const giveTo = promisify(fchown);
const chmod = promisify(fchmod);

/** Gives `file`, just made, what `model` has; tells what the system does not permit. False where the group is another. */
export async function takeAccess(
  file: DiskFile,
  model: DiskFile,
  tell: (warning: string) => void,
  chown = giveTo,
): Promise<boolean> {
  const isGiven = (uid: number, gid: number) => isPermitted(() => chown(file.descriptor, uid, gid));
  const [wanted, found] = [await statOf(model.descriptor), await statOf(file.descriptor)];
  const isGrouped = wanted.gid === found.gid || (await isGiven(-1, wanted.gid));
  const mode = isGrouped ? wanted.mode : withoutGroup(wanted.mode);
  // While it is ours: who may give a file away may not always change the mode of another's.
  if ((found.mode & 0o777) !== (mode & 0o777)) await chmod(file.descriptor, mode & 0o777);
  const isOwned = wanted.uid === found.uid || (await isGiven(wanted.uid, -1));
  if (!isOwned || !isGrouped) {
    const lost = isOwned ? `group ${wanted.gid}` : `owner ${wanted.uid}:${wanted.gid}`;
    tell(
      `the output does not keep its ${lost}, which the user of this process may not give${isGrouped ? '' : ', and its group has no more rights than all others have'}; let the service run as that user or in that group, or give it CAP_CHOWN`,
    );
  }
  // Behind the owner, whose change takes these bits away. Not for another owner: they would lend other rights.
  if (isOwned && isGrouped && (mode & 0o7000) !== 0) {
    await isPermitted(() => chmod(file.descriptor, mode & 0o7777));
  }
  return isGrouped;
}

/** Permissions for one group say nothing about another, which gets the permissions of everyone. */
function withoutGroup(mode: number): number {
  return mode & (0o7707 | ((mode & 0o007) << 3));
}

async function isPermitted(give: () => Promise<void>): Promise<boolean> {
  try {
    await give();
    return true;
  } catch (error) {
    // Not permitted, or not known to a file system that has no owners.
    if (['EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}
