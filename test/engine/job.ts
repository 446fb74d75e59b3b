/** Engine jobs over files written for a test. */

import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defaultIgnoredColumns } from '../../src/config/ignored-columns.js';
import type { WideJob } from '../../src/core/ports/engine.js';
import type { RawFile } from '../../src/core/ports/raw.js';
import type { Day, LayoutName } from '../../src/model/day.js';
import { seedDefinition, type WideDefinition } from '../../src/model/definition.js';
import { fileFormOf, plainCsv } from '../../src/model/file-form.js';
import { makeTempDir } from '../support/temp-dir.js';
import { zstdOf } from '../support/zstd.js';

export const ignoredColumns: ReadonlySet<string> = new Set(defaultIgnoredColumns);

export interface JobOptions {
  /** Beside the seed's own. */
  readonly definition?: Partial<WideDefinition>;
  readonly layout?: LayoutName;
  readonly day?: string;
  readonly ignoredColumns?: ReadonlySet<string>;
  readonly complete?: boolean;
  readonly signal?: AbortSignal;
  readonly onBytes?: (count: number) => void;
}

export function jobOver(files: readonly RawFile[], options: JobOptions = {}): WideJob {
  return {
    day: (options.day ?? '3') as Day,
    definition: {
      ...seedDefinition(options.layout ?? 'index', [...(options.ignoredColumns ?? ignoredColumns)]),
      ...options.definition,
    },
    files,
    complete: options.complete ?? false,
    signal: options.signal ?? new AbortController().signal,
    ...(options.onBytes && { onBytes: options.onBytes }),
  };
}

/** Contents by name. Text is compressed where the name ends with `.gz` or `.zst`, bytes are written as they are. */
export type Contents = Readonly<Record<string, string | Uint8Array>>;

export async function writeFiles(contents: Contents, day = '3'): Promise<RawFile[]> {
  const folder = join(await makeTempDir(), day);
  await mkdir(folder);
  const names = Object.keys(contents).sort();
  return Promise.all(names.map((name) => writeRawFile(folder, name, contents[name] ?? '')));
}

async function writeRawFile(
  folder: string,
  name: string,
  content: string | Uint8Array,
): Promise<RawFile> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? compressed(name, content) : content);
  return rawFileAt(path, name);
}

function compressed(name: string, text: string): string | Uint8Array {
  const { compression } = fileFormOf(name) ?? plainCsv;
  if (compression === 'none') return text;
  return compression === 'gzip' ? gzipSync(text) : zstdOf(text);
}

export async function rawFileAt(path: string, name: string): Promise<RawFile> {
  const { size, mtimeNs } = await stat(path, { bigint: true });
  return {
    name,
    path,
    sizeBytes: Number(size),
    mtimeNs: String(mtimeNs),
    form: fileFormOf(name) ?? plainCsv,
  };
}
