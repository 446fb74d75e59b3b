import type { RawFile, RefusedFile } from '../core/ports/raw.js';
import type { Fingerprint } from '../model/fingerprint.js';
import type { Stamp } from '../stamps/stamp.js';

export interface FileStamp extends Stamp {
  readonly name: string;
}

/**
 * What a day would be made from. Refused entries count, so that a day whose FIFO is replaced by a file
 * reads as changed.
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

/** What shows that a file was touched, though its size and mtime were put back. */
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

/** Equal as long as nobody touched the files, their names or what lies behind them. */
export function identityOf(stamps: readonly FileStamp[], refused: readonly RefusedFile[]): string {
  return JSON.stringify([
    stamps.map(({ name, dev, ino, sizeBytes, mtimeNs, ctimeNs }) => [
      name,
      ...[dev, ino, sizeBytes, mtimeNs, ctimeNs].map(String),
    ]),
    refused.map(({ name }) => name),
  ]);
}
