/** Groups are held in memory until the day is read; they are bounded, so that a badly chosen key cannot end the
 * process. */

/** By estimate. A thread has 512 MiB, and the rows that are made of the groups need room beside them. */
export const mostHeldBytes = 320 * 1_048_576;

export class Memory {
  #bytes = 0;

  constructor(readonly mostBytes: number = mostHeldBytes) {}

  hold(bytes: number): void {
    this.#bytes += bytes;
  }

  get isFull(): boolean {
    return this.#bytes > this.mostBytes;
  }
}

/** V8's header of a string, and one byte a character; two for some. */
export function heldText(text: string): number {
  return 24 + text.length;
}
