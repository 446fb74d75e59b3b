import { mkdir, rename, writeFile } from 'node:fs/promises';
import type { KeptDataset } from './world.js';

/** As an editor saves: another file takes the name. */
export async function replaceOutput(
  { folder }: Pick<KeptDataset, 'folder'>,
  text: string,
): Promise<void> {
  await mkdir(folder.outputFolder, { recursive: true });
  await writeFile(`${folder.output}.edit`, text);
  await rename(`${folder.output}.edit`, folder.output);
}
