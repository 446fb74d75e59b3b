import type { RawFile, RefusedFile } from '../core/ports/raw.js';
import type { Fingerprint } from '../model/fingerprint.js';
import type { Stamp } from '../stamps/stamp.js';

export interface FileStamp extends Stamp {
  readonly name: string;
}

/**
 * The fingerprint of the current files. Refused entries count, so that a day becomes `changed` when a file replaces a
 * FIFO.
 */
export function fingerprintOf(
  files: readonly RawFile[],
  refused: readonly RefusedFile[],
  touches: ReadonlyMap<string, Touch> = new Map(),
): Fingerprint {
  const all = [
    ...files.map(({ name, sizeBytes, mtimeNs }) => ({
      name,
      sizeBytes,
      mtimeNs,
      ...touches.get(name),
    })),
    ...refused.map(({ name }) => ({ name, sizeBytes: 0, mtimeNs: '0' })),
  ];
  return all.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The values that show a change even if size and mtime were restored. */
export interface Touch {
  readonly ctimeNs: string;
  readonly ino: string;
}

/** By the names of the files. */
export function touchesOf(stamps: readonly FileStamp[]): Map<string, Touch> {
  return new Map(
    stamps.map(({ name, ctimeNs, ino }) => [name, { ctimeNs: String(ctimeNs), ino: String(ino) }]),
  );
}

/** Equal as long as the files, their names and their targets are unchanged. */
export function identityOf(stamps: readonly FileStamp[], refused: readonly RefusedFile[]): string {
  return JSON.stringify([
    stamps.map(({ name, dev, ino, sizeBytes, mtimeNs, ctimeNs }) => [
      name,
      ...[dev, ino, sizeBytes, mtimeNs, ctimeNs].map(String),
    ]),
    refused.map(({ name }) => name),
  ]);
}
