/**
 * The pages of a column, without what is in them: whether they are all there, hold as many values as the footer says,
 * and match their checksums, which DuckDB passes over. Many writers set none; Spark always does.
 */
import { crc32 } from 'node:zlib';
import type { OpenRawFile } from '../../raw-bytes.js';
import type { Chunk } from './footer.js';
import { read } from './tail.js';
import {
  BadThrift,
  countIn,
  numberIn,
  structIn,
  ThriftReader,
  type ThriftStruct,
} from './thrift.js';

export interface PageSignals {
  readonly signal: AbortSignal;
}

/** Usual headers have some dozens of bytes; statistics of long texts may be in one. */
const [usualHeaderBytes, mostHeaderBytes] = [1_024, 4 * 1_048_576];
const bodyBytes = 262_144;

interface Page {
  /** Of its body. */
  readonly from: number;
  readonly bytes: number;
  readonly crc: number | null;
  /** Rows of a column outside of lists; 0 for a dictionary. */
  readonly values: number;
}

/** What is wrong with them, to follow the name of the column; null if nothing is. `endsAt`: where the footer begins. */
export async function faultInPages(
  handle: OpenRawFile,
  { startsAt, values }: Pick<Chunk, 'startsAt' | 'values'>,
  endsAt: number,
  { signal }: PageSignals,
): Promise<string | null> {
  let [at, seen] = [startsAt, 0];
  while (seen < values) {
    signal.throwIfAborted();
    const page = await pageAt(handle, at, endsAt);
    if (page === null) return `the page at byte ${at} is damaged`;
    if (page.crc !== null && (await crcOf(handle, page)) !== page.crc)
      return `the page at byte ${at} does not match its checksum`;
    seen += page.values;
    at = page.from + page.bytes;
  }
  return seen === values ? null : `its pages hold ${seen} values, and the footer says ${values}`;
}

async function pageAt(handle: OpenRawFile, at: number, endsAt: number): Promise<Page | null> {
  for (let bytes = usualHeaderBytes; ; bytes *= 16) {
    const room = Math.min(bytes, endsAt - at);
    if (room <= 0) return null;
    try {
      return pageIn(await read(handle, at, room), at, endsAt);
    } catch (error) {
      if (!(error instanceof BadThrift)) throw error;
      if (room < bytes || bytes >= mostHeaderBytes) return null;
    }
  }
}

function pageIn(bytes: Buffer, at: number, endsAt: number): Page | null {
  const reader = new ThriftReader(bytes);
  const header = reader.struct();
  const from = at + reader.at;
  const size = countIn(header, 3);
  if (from + size > endsAt) return null;
  const crc = numberIn(header, 4);
  return { from, bytes: size, crc: crc === null ? null : crc >>> 0, values: valuesOf(header) };
}

/** Of a page of data, in the older or the newer form. */
function valuesOf(header: ThriftStruct): number {
  const data = structIn(header, 5) ?? structIn(header, 8);
  return data === null ? 0 : countIn(data, 1);
}

async function crcOf(handle: OpenRawFile, { from, bytes }: Page): Promise<number> {
  let crc = 0;
  for (let done = 0; done < bytes; ) {
    const chunk = await read(handle, from + done, Math.min(bodyBytes, bytes - done));
    if (chunk.length === 0) return -1;
    crc = crc32(chunk, crc);
    done += chunk.length;
  }
  return crc;
}
