/** zstd data for tests, made by hand: Node.js 20 cannot. Valid, though it compresses nothing but runs of one byte. */

const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const mostBlockBytes = 131_072;

/** A frame that stores the text as it is. */
export function zstdOf(text: string | Uint8Array): Buffer {
  const bytes = Buffer.from(text);
  const blocks: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += mostBlockBytes) {
    const block = bytes.subarray(at, at + mostBlockBytes);
    blocks.push(blockHeader('raw', block.length, at + mostBlockBytes >= bytes.length), block);
  }
  return frameOf(blocks);
}

/** A frame of one byte, in blocks of 128 KiB or less, each of which takes four bytes. */
export function zstdRun(byte: number, blocks: number, blockBytes = mostBlockBytes): Buffer {
  const all = Array.from({ length: blocks }, (_, at) => [
    blockHeader('run', blockBytes, at === blocks - 1),
    Buffer.from([byte]),
  ]);
  return frameOf(all.flat());
}

/** Skipped by readers. */
export function skippableFrame(content: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, Buffer.from(content)]);
}

/** Its window holds one block; neither size nor checksum is told. */
function frameOf(blocks: readonly Buffer[]): Buffer {
  return Buffer.concat([magic, Buffer.from([0x00, 0x38]), ...blocks]);
}

function blockHeader(kind: 'raw' | 'run', bytes: number, isLast: boolean): Buffer {
  const head = Buffer.alloc(3);
  head.writeUIntLE((bytes << 3) | (kind === 'raw' ? 0 : 2) | (isLast ? 1 : 0), 0, 3);
  return head;
}
