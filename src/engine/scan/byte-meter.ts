/** Reports the bytes of a file once, though it may be read twice. */
export class ByteMeter {
  #reported = 0;

  constructor(readonly report: (count: number) => void) {}

  readonly count = (count: number): void => {
    this.#reported += count;
    this.report(count);
  };

  /** For reading the file again, from its start. */
  again(): (count: number) => void {
    let read = 0;
    return (count) => {
      read += count;
      if (read > this.#reported) this.count(read - this.#reported);
    };
  }
}
