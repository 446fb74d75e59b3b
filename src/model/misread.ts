/** A mistake in a text of the configuration, and the position of its character, from 0. */
export class Misread extends Error {
  override readonly name = 'Misread';

  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}
