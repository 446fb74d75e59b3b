/** What the ends of a file say: whether it is a Parquet file at all, and where its footer is. */
import type { OpenRawFile } from '../../raw-bytes.js';
import { type Footer, readFooter } from './footer.js';
import { BadThrift } from './thrift.js';

/** A sentence for people. */
export type Refusal = { readonly refused: string };

const mark = 'PAR1';
const encryptedMark = 'PARE';
/** The mark, and at the end the footer's length before it. */
const markBytes = 4;
const tailBytes = 8;

const again = 'Deliver it again';

/** Throws what reading throws. */
export async function readTail(handle: OpenRawFile, sizeBytes: number): Promise<Footer | Refusal> {
  if (sizeBytes === 0) {
    return refuse(`the file is empty: a Parquet file without rows has a footer. ${again}`);
  }
  const head = await read(handle, 0, Math.min(16, sizeBytes));
  const tail = await read(
    handle,
    Math.max(0, sizeBytes - tailBytes),
    Math.min(tailBytes, sizeBytes),
  );
  const [first, last] = [textOf(head, 0), textOf(tail, tail.length - markBytes)];
  if (first === encryptedMark || last === encryptedMark) return refuse(encrypted);
  if (first !== mark) return refuse(foreign(head));
  if (last !== mark || sizeBytes < markBytes + tailBytes) {
    return refuse(`the file is cut: it begins as Parquet, and does not end so. ${again}`);
  }
  const length = tail.readUInt32LE(0);
  if (length > sizeBytes - markBytes - tailBytes) {
    return refuse(`${damaged}: it would be longer than the file. ${again}`);
  }
  return footerIn(await read(handle, sizeBytes - tailBytes - length, length));
}

const damaged = 'the footer of the file is damaged';
const encrypted = 'the file is encrypted, which Daymark cannot read; deliver it without encryption';

function footerIn(bytes: Buffer): Footer | Refusal {
  try {
    const footer = readFooter(bytes);
    return footer.encrypted ? refuse(encrypted) : footer;
  } catch (error) {
    if (error instanceof BadThrift) return refuse(`${damaged}: ${error.message}. ${again}`);
    throw error;
  }
}

const others: Readonly<Record<string, string>> = {
  '\x1f\x8b': 'gzip data',
  '\x28\xb5\x2f\xfd': 'zstd data',
  PK: 'a zip archive',
  ORC: 'ORC',
  'Obj\x01': 'Avro',
  ARROW1: 'Arrow',
  '<': 'HTML or XML',
  '{': 'JSON',
};

function foreign(head: Buffer): string {
  const start = head.toString('latin1');
  const [, name] = Object.entries(others).find(([each]) => start.startsWith(each)) ?? [];
  const isText = /^[\t\n\r\x20-\x7e]*$/.test(start);
  const seems = name ?? (isText ? 'text' : null);
  const what = seems === null ? '' : `, and looks like ${seems}`;
  return `the file is not Parquet: it does not begin with PAR1${what}. Name it after what it is, or ${again.toLowerCase()}`;
}

function refuse(refused: string): Refusal {
  return { refused };
}

function textOf(bytes: Buffer, from: number): string {
  return bytes.toString('latin1', Math.max(0, from), Math.max(0, from) + markBytes);
}

/** Fewer where the file ends before. */
export async function read(handle: OpenRawFile, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = await handle.read(bytes.subarray(filled), from + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
