import { isUtf8 } from 'node:buffer';
import { type Kernel, lines, longestLineBytes } from './kernel/kernel.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** `ended`: the last line has been added. */
export type Feeding = 'more' | 'ended' | 'odd';

/**
 * Feeds a kernel with text that arrives in pieces, cut anywhere: whole lines are added up, a line that is
 * cut off waits at the front of the kernel's buffer for its rest. Once something is odd, all is over.
 */
export class LineFeeder {
  #heldBytes = 0;

  constructor(readonly kernel: Pick<Kernel, 'buffer' | 'add'>) {}

  /** Bytes at the front of the buffer that begin a line. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Where the next bytes are to be put: at most `mostBytes`, at least one. */
  room(mostBytes: number): Uint8Array {
    // One byte is kept for the line feed that a last line may lack.
    const end = Math.min(this.#heldBytes + mostBytes, this.kernel.buffer.length - 1);
    return this.kernel.buffer.subarray(this.#heldBytes, end);
  }

  /** `count` bytes were put into the room. The last line wanted is the one with byte `last` of the buffer. */
  take(count: number, last = Number.POSITIVE_INFINITY): Feeding {
    const { buffer } = this.kernel;
    const full = this.#heldBytes + count;
    const filled = buffer.subarray(0, full);
    const end = last < full ? filled.indexOf(lineFeed, last) : -1;
    if (end !== -1) return this.#add(end + 1) ? 'ended' : 'odd';
    const whole = filled.lastIndexOf(lineFeed) + 1;
    if (!this.#add(whole)) return 'odd';
    buffer.copyWithin(0, whole, full);
    this.#heldBytes = full - whole;
    return this.#heldBytes > longestLineBytes ? 'odd' : 'more';
  }

  /** The text is at its end, perhaps without a line feed. */
  finish(): 'ended' | 'odd' {
    const { buffer } = this.kernel;
    const held = this.#heldBytes;
    if (held === 0) return 'ended';
    if (buffer[held - 1] === carriageReturn) return 'odd';
    buffer[held] = lineFeed;
    return this.#add(held + 1) ? 'ended' : 'odd';
  }

  #add(to: number): boolean {
    if (to === 0) return true;
    const found = this.kernel.add(0, to);
    return found === lines.text ? isUtf8(this.kernel.buffer.subarray(0, to)) : found !== lines.odd;
  }
}
