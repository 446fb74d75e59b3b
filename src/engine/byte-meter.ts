/** Reports the bytes of a file only once, even if it is read twice, or by another engine. */
export class ByteMeter {
  #reported = 0;

  constructor(readonly report: (count: number) => void) {}

  readonly count = (count: number): void => {
    this.#reported += count;
    this.report(count);
  };

  /** The number of bytes read so far. */
  reach(bytes: number): void {
    if (bytes > this.#reported) this.count(bytes - this.#reported);
  }

  /** For reading the file again, from its start. */
  again(): (count: number) => void {
    let read = 0;
    return (count) => {
      read += count;
      this.reach(read);
    };
  }
}
