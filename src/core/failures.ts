/** Expected failures that the ports throw, to distinguish them from bugs. */

/** A raw file that cannot be read, through no fault of its contents: permissions, a failing disk. */
export class RawReadError extends Error {
  override readonly name = 'RawReadError';

  constructor(
    readonly file: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Neither the commit nor a look at whether it happened succeeded: only a later look can tell. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';

  constructor(version: number, options: ErrorOptions) {
    super(`whether version ${version} was committed could not be found out`, options);
  }
}
