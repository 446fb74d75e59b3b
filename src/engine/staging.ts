/** A folder for files of a moment, such as the plan and the results of an application; it is gone when they were taken. */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { isAlive, thisProcess } from '../process/living-process.js';

const ownerFile = 'owner.json';

/** What cannot be told to be of a dead process is left until then: it may be another machine's. */
const abandonedMs = 24 * 60 * 60 * 1000;

export interface Staging {
  /** Unique; also the name of the folder. */
  readonly token: string;
  readonly folder: string;
  write(name: string, value: unknown): Promise<string>;
  remove(): Promise<void>;
}

/** Makes a folder of our own under `root`, once what dead processes left there is gone. */
export async function makeStaging(root: string): Promise<Staging> {
  await mkdir(root, { recursive: true });
  await removeLeftovers(root);
  const token = uuidv7();
  const folder = join(root, token);
  const write = async (name: string, value: unknown) => {
    const path = join(folder, name);
    await writeFile(path, JSON.stringify(value));
    return path;
  };
  await mkdir(folder, { mode: 0o700 });
  await write(ownerFile, thisProcess());
  return {
    token,
    folder,
    write,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function removeLeftovers(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!/^[0-9a-f-]{36}$/.test(name)) continue;
    const folder = join(root, name);
    if (await isLeftover(folder)) await rm(folder, { recursive: true, force: true });
  }
}

async function isLeftover(folder: string): Promise<boolean> {
  const self = thisProcess();
  try {
    const owner = JSON.parse(await readFile(join(folder, ownerFile), 'utf8'));
    if (owner.host === self.host && self.startedAt !== '') return !isAlive(owner, self);
  } catch {
    // Without a readable owner it was made a moment ago, or was left by a process that died at once.
  }
  const made = await stat(folder).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs > abandonedMs;
}
