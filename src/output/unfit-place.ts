/** The place is unfit: `message` is a sentence that says why and what to do. */
export class UnfitPlace extends Error {
  override readonly name = 'UnfitPlace';
}
