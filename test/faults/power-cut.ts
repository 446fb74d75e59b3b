/**
 * What a power cut can leave: file contents that were not synced may be lost, cut or zeroed, and of the
 * entries that were not synced with their folder any may be missing, whatever came first.
 *
 * A run is recorded as events. For a cut after any of them, every folder that it could leave is made from
 * what was durable by then and a choice of what was not.
 */
import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Disk } from '../../src/disk/disk.js';
import { quickDisk } from './faulty-disks.js';
import { interceptDisk, type Operation } from './intercepted-disk.js';

/** How a rename reaches the disk: as one, as journals do it, or as two entries, each with its folder. */
export type RenameModel = 'atomic' | 'split';

/** What a power cut makes of bytes that were written and not synced. */
const fates = ['lost', 'half', 'zeros', 'kept'] as const;
type Fate = (typeof fates)[number];

type Atom =
  | { readonly kind: 'set'; readonly path: string; readonly inode: number }
  | { readonly kind: 'unset'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string };

type Event =
  | { readonly kind: 'entry'; readonly atoms: readonly Atom[]; readonly name: string }
  | {
      readonly kind: 'write';
      readonly inode: number;
      readonly position: number;
      readonly bytes: Buffer;
    }
  | { readonly kind: 'truncate'; readonly inode: number; readonly sizeBytes: number }
  | { readonly kind: 'sync'; readonly inode: number; readonly name: string }
  | { readonly kind: 'syncFolder'; readonly path: string; readonly name: string };

/** Paths are relative to the root; the root itself is durable. */
interface Tree {
  readonly files: ReadonlyMap<string, number>;
  readonly folders: ReadonlySet<string>;
}

export interface PowerRecording {
  readonly start: Tree;
  readonly startBytes: ReadonlyMap<number, Buffer>;
  readonly events: readonly Event[];
}

/** Runs `action` on a disk under `root` and records what it does there; `soFar` counts the events. */
export async function recordPower(
  root: string,
  action: (disk: Disk, soFar: () => number) => Promise<unknown>,
  real: Disk = quickDisk,
): Promise<PowerRecording> {
  const { start, startBytes } = await readTree(root);
  const recorder = createRecorder(root, start, startBytes.size);
  const { disk } = interceptDisk(real, async (operation, perform) => {
    const result = await perform();
    recorder.note(operation, result);
    return result;
  });
  await action(disk, () => recorder.events.length);
  return { start, startBytes, events: recorder.events };
}

async function readTree(root: string) {
  const files = new Map<string, number>();
  const folders = new Set<string>();
  const startBytes = new Map<number, Buffer>();
  const inodes = new Map<number, number>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    if (entry.isDirectory()) {
      folders.add(name);
      continue;
    }
    const { ino } = await stat(path);
    const inode = inodes.get(ino) ?? inodes.size;
    inodes.set(ino, inode);
    files.set(name, inode);
    startBytes.set(inode, await readFile(path));
  }
  return { start: { files, folders }, startBytes };
}

function createRecorder(root: string, start: Tree, firstInode: number) {
  const events: Event[] = [];
  const files = new Map(start.files);
  const folders = new Set(start.folders);
  /** By the path under which it was made: a file may be renamed while it is open. */
  const made = new Map<string, number>();
  let nextInode = firstInode;
  const inRoot = (path: string) => relative(root, path);

  const entry = (atoms: readonly Atom[], name: string) => {
    if (atoms.length > 0) events.push({ kind: 'entry', atoms, name });
    for (const atom of atoms) apply({ files, folders }, atom);
  };

  const noteContents = ({ name, path, write, sizeBytes }: Operation, result: unknown) => {
    const inode = inodeOf(made, path);
    if (write !== null) {
      // Of a copy in the kernel all bytes; until they are synced, they are as uncertain as written ones.
      const bytes = name === 'copy' ? write.bytes : write.bytes.subarray(0, Number(result));
      const { position } = write;
      events.push({ kind: 'write', inode, position, bytes: Buffer.from(bytes) });
    } else if (sizeBytes !== null) events.push({ kind: 'truncate', inode, sizeBytes });
    else events.push({ kind: 'sync', inode, name: `${name} ${inRoot(path)}` });
  };

  const note = (operation: Operation, result: unknown) => {
    const { name, path, to } = operation;
    const from = inRoot(path);
    const target = to === null ? '' : inRoot(to);
    const label = `${name} ${from}`;
    switch (name) {
      case 'create': {
        const inode = nextInode++;
        made.set(path, inode);
        return entry([{ kind: 'set', path: from, inode }], label);
      }
      case 'write':
      case 'copy':
      case 'truncate':
      case 'sync':
        return noteContents(operation, result);
      case 'link':
        return entry([{ kind: 'set', path: target, inode: inodeOf(files, from) }], label);
      case 'exchange':
        return entry(
          [
            { kind: 'set', path: target, inode: inodeOf(files, from) },
            { kind: 'set', path: from, inode: inodeOf(files, target) },
          ],
          label,
        );
      case 'rename':
        // Not done where something else lay there.
        if (result === false) return;
        return entry(
          [
            { kind: 'set', path: target, inode: inodeOf(files, from) },
            { kind: 'unset', path: from },
          ],
          label,
        );
      case 'remove':
        return result === true ? entry([{ kind: 'unset', path: from }], label) : undefined;
      case 'makeFolder':
        return entry(
          missing(folders, from).map((each) => ({ kind: 'folder', path: each })),
          label,
        );
      case 'syncFolder':
        events.push({ kind: 'syncFolder', path: from, name: label });
        return;
      default:
    }
  };
  return { events, note };
}

function inodeOf(inodes: ReadonlyMap<string, number>, path: string): number {
  const inode = inodes.get(path);
  if (inode === undefined) throw new Error(`${path} is not known to the recording`);
  return inode;
}

function missing(folders: ReadonlySet<string>, path: string): string[] {
  if (path === '' || folders.has(path)) return [];
  return [...missing(folders, parentOf(path)), path];
}

function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === '.' ? '' : parent;
}

function apply(
  tree: { readonly files: Map<string, number>; readonly folders: Set<string> },
  atom: Atom,
): void {
  if (atom.kind === 'set') tree.files.set(atom.path, atom.inode);
  else if (atom.kind === 'unset') tree.files.delete(atom.path);
  else tree.folders.add(atom.path);
}

/** A folder as it may be found when the power is back. */
export interface Aftermath {
  /** How many events had happened. */
  readonly cut: number;
  readonly tree: Tree;
  readonly bytes: ReadonlyMap<number, Buffer>;
  /** What was lost, in words. */
  readonly lost: readonly string[];
}

export interface SyncPoint {
  readonly event: number;
  readonly name: string;
}

export function syncsOf({ events }: PowerRecording): SyncPoint[] {
  return events.flatMap((event, index) =>
    event.kind === 'sync' || event.kind === 'syncFolder'
      ? [{ event: index, name: event.name }]
      : [],
  );
}

export interface AftermathOptions {
  readonly renames: RenameModel;
  /** Cuts after fewer events are left out. */
  readonly firstCut: number;
  /** Events that do nothing: syncs that were forgotten. */
  readonly without: ReadonlySet<number>;
}

/** Every folder that a cut can leave, the latest cuts first, each once. */
export function* aftermaths(
  recording: PowerRecording,
  options: AftermathOptions,
): Generator<Aftermath> {
  const seen = new Set<string>();
  for (let cut = recording.events.length; cut >= options.firstCut; cut -= 1) {
    for (const aftermath of aftermathsOf(recording, cut, options)) {
      // The end is told apart: only there an answer was given.
      const mark = `${cut === recording.events.length} ${signatureOf(aftermath)}`;
      if (seen.has(mark)) continue;
      seen.add(mark);
      yield aftermath;
    }
  }
}

interface Group {
  readonly atoms: readonly Atom[];
  readonly name: string;
  durable: boolean;
}

function* aftermathsOf(
  { start, startBytes, events }: PowerRecording,
  cut: number,
  { renames, without }: AftermathOptions,
): Generator<Aftermath> {
  const groups: Group[] = [];
  const written = new Map(startBytes);
  const synced = new Map(startBytes);
  for (const [index, event] of events.slice(0, cut).entries()) {
    if (without.has(index)) continue;
    if (event.kind === 'entry') groups.push(...groupsOf(event, renames));
    else if (event.kind === 'write') written.set(event.inode, patched(written, event));
    else if (event.kind === 'truncate') written.set(event.inode, truncated(written, event));
    else if (event.kind === 'sync') synced.set(event.inode, bytesOf(written, event.inode));
    else markDurable(groups, event.path);
  }

  const open = groups.filter(({ durable }) => !durable);
  for (const chosen of choicesOf(open)) {
    const tree = treeOf(
      start,
      groups.filter((group) => group.durable || chosen.has(group)),
    );
    const lost = open.filter((group) => !chosen.has(group)).map(({ name }) => name);
    for (const fate of fatesOf(tree, written, synced)) {
      const bytes = new Map(
        [...tree.files.values()].map((inode) => [
          inode,
          fateful(fate, bytesOf(synced, inode), bytesOf(written, inode)),
        ]),
      );
      yield { cut, tree, bytes, lost: [...lost, `unsynced bytes: ${fate}`] };
    }
  }
}

function groupsOf({ atoms, name }: Extract<Event, { kind: 'entry' }>, model: RenameModel): Group[] {
  const parts = model === 'atomic' ? [atoms] : atoms.map((atom) => [atom]);
  return parts.map((part) => ({
    atoms: part,
    name: parts.length === 1 ? name : `${name} (${part[0]?.kind})`,
    durable: false,
  }));
}

function markDurable(groups: readonly Group[], folder: string): void {
  for (const group of groups) {
    group.durable ||= group.atoms.some(({ path }) => parentOf(path) === folder);
  }
}

function bytesOf(contents: ReadonlyMap<number, Buffer>, inode: number): Buffer {
  return contents.get(inode) ?? Buffer.alloc(0);
}

function patched(
  written: ReadonlyMap<number, Buffer>,
  { inode, position, bytes }: Extract<Event, { kind: 'write' }>,
): Buffer {
  const before = bytesOf(written, inode);
  const after = Buffer.alloc(Math.max(before.length, position + bytes.length));
  before.copy(after);
  bytes.copy(after, position);
  return after;
}

function truncated(
  written: ReadonlyMap<number, Buffer>,
  { inode, sizeBytes }: Extract<Event, { kind: 'truncate' }>,
): Buffer {
  return bytesOf(written, inode).subarray(0, sizeBytes);
}

/** All subsets where they are few; else those that lose or keep at most two. */
function* choicesOf(open: readonly Group[]): Generator<ReadonlySet<Group>> {
  if (open.length <= windowOfAll) {
    for (let bits = 0; bits < 1 << open.length; bits += 1) {
      yield new Set(open.filter((_, index) => (bits >> index) & 1));
    }
    return;
  }
  for (const one of [null, ...open]) {
    for (const other of [null, ...open]) {
      const few = new Set([one, other].filter((group) => group !== null));
      yield few;
      yield new Set(open.filter((group) => !few.has(group)));
    }
  }
}

const windowOfAll = 6;

/** A folder that is missing takes with it what it holds. */
function treeOf(start: Tree, groups: readonly Group[]): Tree {
  const tree = { files: new Map(start.files), folders: new Set(start.folders) };
  for (const { atoms } of groups) for (const atom of atoms) apply(tree, atom);
  const isThere = (folder: string): boolean =>
    folder === '' || (tree.folders.has(folder) && isThere(parentOf(folder)));
  return {
    files: new Map([...tree.files].filter(([path]) => isThere(parentOf(path)))),
    folders: new Set([...tree.folders].filter(isThere)),
  };
}

function fatesOf(
  tree: Tree,
  written: ReadonlyMap<number, Buffer>,
  synced: ReadonlyMap<number, Buffer>,
): readonly Fate[] {
  const unsynced = [...tree.files.values()].some(
    (inode) => !bytesOf(written, inode).equals(bytesOf(synced, inode)),
  );
  return unsynced ? fates : ['kept'];
}

function fateful(fate: Fate, synced: Buffer, written: Buffer): Buffer {
  if (synced.equals(written)) return written;
  switch (fate) {
    case 'lost':
      return synced;
    case 'half':
      return written.subarray(0, Math.ceil(written.length / 2));
    case 'zeros':
      return Buffer.alloc(written.length);
    case 'kept':
      return written;
    default:
      return fate satisfies never;
  }
}

function signatureOf({ tree, bytes }: Aftermath): string {
  const hash = createHash('sha256');
  for (const [path, inode] of [...tree.files].sort()) hash.update(`${path}\0${inode}\0`);
  for (const folder of [...tree.folders].sort()) hash.update(`${folder}\0`);
  for (const [inode, content] of [...bytes].sort(([a], [b]) => a - b)) {
    hash.update(`${inode}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Makes the folder under `root`, hard links included. */
export async function materialise(root: string, { tree, bytes }: Aftermath): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const folder of [...tree.folders].sort()) await mkdir(join(root, folder));
  const firstNames = new Map<number, string>();
  for (const [path, inode] of tree.files) {
    const first = firstNames.get(inode);
    if (first !== undefined) await link(join(root, first), join(root, path));
    else await writeFile(join(root, path), bytesOf(bytes, inode));
    firstNames.set(inode, first ?? path);
  }
}
