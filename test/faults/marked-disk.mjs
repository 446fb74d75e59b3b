/** The real disk, on which the process sends itself a signal at one of its operations. */
import { nodeDisk } from '../../dist/disk/disk.js';

/** Without `at` nothing happens, and `operations` tells what was done. */
export function createMarkedDisk({ at = -1, moment = 'before', signal = 'SIGKILL' }) {
  const operations = [];

  async function pass(name, paths, perform) {
    const index = operations.length;
    operations.push({ index, name, paths });
    const isMarked = index === at;
    if (isMarked && moment === 'before') await strike(signal);
    try {
      return await perform();
    } finally {
      // Also where it failed, as an operation on a missing file does.
      if (isMarked && moment === 'after') await strike(signal);
    }
  }

  function marked(target, label, pathsOf) {
    const wrapped = Object.entries(target).map(([name, action]) => [
      name,
      // What is no operation, or is done at once, passes as it is.
      typeof action !== 'function' || name === 'glance'
        ? action
        : (...given) =>
            pass(`${label}${name}`, pathsOf(given), async () => {
              const result = await action.call(target, ...given);
              const isFile = name === 'open' || name === 'create';
              return isFile ? marked(result, 'file.', () => pathsOf(given)) : result;
            }),
    ]);
    return Object.fromEntries(wrapped);
  }

  const disk = marked(nodeDisk, '', (given) => given.filter((each) => typeof each === 'string'));
  return { disk, operations };
}

async function strike(signal) {
  process.kill(process.pid, signal);
  // A signal takes effect at the latest when this returns to the loop.
  await new Promise((resolve) => setImmediate(resolve));
}
