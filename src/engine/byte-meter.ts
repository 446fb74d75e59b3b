/** Reports the bytes of a file once, though it may be read twice, or by someone else. */
export class ByteMeter {
  #reported = 0;

  constructor(readonly report: (count: number) => void) {}

  readonly count = (count: number): void => {
    this.#reported += count;
    this.report(count);
  };

  /** So many of the file's bytes are read by now. */
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
