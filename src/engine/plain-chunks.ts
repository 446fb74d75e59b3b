import type { EngineJob } from '../core/ports/engine.js';
import type { RawFile } from '../core/ports/raw.js';
import { gunzip } from './gunzip.js';
import { consume, type OpenRawFile, readChunks } from './raw-bytes.js';
import { unzstd } from './zstd/unzstd.js';

/** The text of an open raw file, decompressed where it is compressed, in chunks of any size. */
export function plainChunks(
  handle: OpenRawFile,
  { name: file, form }: RawFile,
  job: Pick<EngineJob, 'signal' | 'onBytes'>,
): AsyncIterable<Buffer> {
  const chunks = consume(handle, file, job);
  if (form.compression === 'none') return chunks;
  if (form.compression === 'zstd') return unzstd({ file, chunks, signal: job.signal });
  const rest = (position: number) => readChunks(handle, file, position);
  return gunzip({ file, chunks, rest, signal: job.signal });
}
