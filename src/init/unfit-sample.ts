/** Files of which no dataset can be made; `message` is for people, commands in it stand on lines of their own. */
export class UnfitSample extends Error {
  override readonly name = 'UnfitSample';
}
