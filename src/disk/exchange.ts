/**
 * renameat2(2) with RENAME_EXCHANGE: two names change what they lead to, in one step, and nothing loses its
 * name. Node has no call for it; `koffi`, an optional dependency, has.
 */
import { arch, constants, platform } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { type Koffi, loadKoffi } from '../process/native.js';

/** Resolves with 0, or with the number of the error. */
type Exchange = (from: string, to: string) => Promise<number>;

const currentFolder = -100; // AT_FDCWD
const exchangeNames = 2; // RENAME_EXCHANGE

/** For C libraries that do not know the call. */
const systemCalls: Readonly<Record<string, number>> = { x64: 316, arm64: 276 };

let loaded: Exchange | null = null;

/** Throws ENOSYS where there is no such call, EINVAL where the file system has none. */
export async function exchange(from: string, to: string): Promise<void> {
  loaded ??= load();
  const errno = await loaded(from, to);
  if (errno === 0) return;
  const code = getSystemErrorName(-errno);
  const message = `${code}: renameat2 with RENAME_EXCHANGE '${from}' <-> '${to}'`;
  throw Object.assign(new Error(message), { code, errno: -errno, path: from, dest: to });
}

function load(): Exchange {
  try {
    if (platform() !== 'linux') throw new Error('only Linux has renameat2');
    return native(loadKoffi());
  } catch {
    return async () => constants.errno.ENOSYS;
  }
}

function native(koffi: Koffi): Exchange {
  const call = callOf(koffi);
  return (from, to) =>
    new Promise((resolve, reject) => {
      const done = (error: Error | null, result: number) => {
        if (error !== null) reject(error);
        // It tells of the thread that made this call.
        else resolve(Number(result) === 0 ? 0 : koffi.errno());
      };
      call(currentFolder, from, currentFolder, to, exchangeNames, done);
    });
}

function callOf(koffi: Koffi): (...given: unknown[]) => void {
  const library = koffi.load(null);
  const paths = 'int from, const char *fromPath, int to, const char *toPath, unsigned int flags';
  try {
    const renameat2 = library.func(`int renameat2(${paths})`);
    return (...given) => renameat2.async(...given);
  } catch {
    const number = systemCalls[arch()];
    if (number === undefined) throw new Error(`no number for renameat2 on ${arch()}`);
    const syscall = library.func(`long syscall(long number, ${paths})`);
    return (...given) => syscall.async(number, ...given);
  }
}
