/**
 * Operations on paths like those of `node:fs/promises`, each in its turn: a mount that hangs must not occupy all threads
 * of the pool, which the output, the checkpoint and DNS lookups need as well.
 */
import type { BigIntStats, StatsFs } from 'node:fs';
import * as fs from 'node:fs/promises';
import { waitFor } from './waits.js';

export function lstat(path: string | Buffer): Promise<BigIntStats> {
  return waitFor(path.toString(), () => fs.lstat(path, { bigint: true }));
}

export function stat(path: string): Promise<BigIntStats> {
  return waitFor(path, () => fs.stat(path, { bigint: true }));
}

export function statfs(path: string): Promise<StatsFs> {
  return waitFor(path, () => fs.statfs(path));
}

export function access(path: string, mode: number): Promise<void> {
  return waitFor(path, () => fs.access(path, mode));
}

export function realpath(path: string): Promise<string> {
  return waitFor(path, () => fs.realpath(path));
}

export function readlink(path: string): Promise<string> {
  return waitFor(path, () => fs.readlink(path));
}

export function readNames(folder: string): Promise<string[]> {
  return waitFor(folder, () => fs.readdir(folder));
}

export function readNamesAsBytes(folder: string): Promise<Buffer[]> {
  return waitFor(folder, () => fs.readdir(folder, { encoding: 'buffer' }));
}
