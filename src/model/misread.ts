/** What is wrong with a text of the configuration, and at which of its characters (the first is 0). */
export class Misread extends Error {
  override readonly name = 'Misread';

  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}
