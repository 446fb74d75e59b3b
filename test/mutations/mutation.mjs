/** A deliberate bug: what it changes, why that is a bug, and which test file is expected to catch it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @typedef {object} Mutation
 * @property {string} id
 * @property {string} file
 * @property {string} replace Must stand in the file exactly once.
 * @property {string} by
 * @property {[replace: string, by: string][]} [also] More of the same, in the same file, one after the other.
 * @property {string} why
 * @property {string} caughtBy A test file.
 * @property {string} [only] Of that file, only the tests with this in their names: a regular expression.
 */

/** The mutated text. Throws where a text to be replaced is not there, or is there twice. */
export function mutated(/** @type {Mutation} */ { id, file, replace, by, also = [] }, source) {
  return [[replace, by], ...also].reduce((text, [from, to]) => {
    const found = text.split(from).length - 1;
    if (found !== 1)
      throw new Error(`${id}: found ${found} times in ${file}: ${JSON.stringify(from)}`);
    return text.replace(from, () => to);
  }, source);
}

/** What no longer fits the code, or the table itself: a sentence each. */
export async function misfits(/** @type {Mutation[]} */ mutations, root) {
  const ids = mutations.map(({ id }) => id);
  const found = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id}: twice`);
  for (const mutation of mutations) {
    try {
      mutated(mutation, await readFile(join(root, mutation.file), 'utf8'));
      await readFile(join(root, mutation.caughtBy));
    } catch (error) {
      found.push(error.message);
    }
  }
  return found;
}

/** Does `action` while the copy at `root` has the bug. */
export async function whileMutated(/** @type {Mutation} */ mutation, root, action) {
  const path = join(root, mutation.file);
  const source = await readFile(path, 'utf8');
  await writeFile(path, mutated(mutation, source));
  try {
    return await action();
  } finally {
    await writeFile(path, source);
  }
}
