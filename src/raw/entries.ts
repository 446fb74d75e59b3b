import { isUtf8 } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { join, sep } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { lstat, readNames, readNamesAsBytes } from '../disk/look-at.js';

export interface Entry {
  /** As text; with replacement characters where the bytes are not UTF-8. */
  readonly name: string;
  /** False if the name is not valid text, so the entry cannot be opened by it. */
  readonly readable: boolean;
  /** The name as it stands in the folder, where it is not readable. */
  readonly bytes?: Buffer;
}

/**
 * The entries of a folder, ordered by code unit. Where a name is not UTF-8 it is read with a replacement
 * character, and names with one are told apart by their bytes: such a file would seem to have vanished.
 */
export async function readEntries(folder: string): Promise<Entry[]> {
  const names = await readNames(folder);
  if (names.some((name) => name.includes(replacementCharacter))) return readByBytes(folder);
  return names.sort().map((name) => ({ name, readable: true }));
}

const replacementCharacter = '\ufffd';

async function readByBytes(folder: string): Promise<Entry[]> {
  const names = await readNamesAsBytes(folder);
  return names
    .map((bytes) => ({ name: bytes.toString(), readable: isUtf8(bytes), bytes }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Links are not followed. Null where it vanished. */
export async function lookAtEntry(
  folder: string,
  { name, bytes }: Entry,
): Promise<BigIntStats | null> {
  const path = bytes === undefined ? join(folder, name) : asBytes(folder, bytes);
  try {
    return await lstat(path);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function asBytes(folder: string, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${folder}${sep}`), name]);
}

/** Whether `path` lies strictly below `root`; both absolute, with links resolved. */
export function isBelow(root: string, path: string): boolean {
  return path !== root && path.startsWith(root.endsWith(sep) ? root : root + sep);
}

export function isGone(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** A system error in words, such as `permission denied (EACCES)`. */
export function describeCause(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  const [code, words] = (errno === undefined ? null : getSystemErrorMap().get(errno)) ?? [];
  return code === undefined ? message : `${words} (${code})`;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
