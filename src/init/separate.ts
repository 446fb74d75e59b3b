/** Files of one folder that belong to several datasets: their columns have little in common, and their names differ. */
import { groupedBy } from '../model/grouped.js';
import type { FoundDays } from './find-days.js';
import { initCommand } from './find-days.js';
import type { Sample, SampledFile } from './sample.js';
import { UnfitSample } from './unfit-sample.js';

/** Throws UnfitSample with a command for each of them. */
export function refuseSeveral({ placeOf, templateOf }: FoundDays, { files }: Sample): void {
  const kinds = byColumns(files);
  const [first, ...others] = kinds;
  if (first === undefined || placeOf === null) return;
  const other = others.find((each) => isOther(first, each));
  if (other === undefined) return;
  const templates = kinds.flatMap((each) => {
    const places = each.map(({ file }) => placeOf(file.path));
    return templateOf(places.filter((place) => place !== null)) ?? [];
  });
  const shown = [first, other].map(([one]) => `${one?.file.name}: ${one?.header.join(', ')}`);
  const differ = `Files have different columns:\n${shown.join('\n')}`;
  if (new Set(templates).size < 2) {
    throw new UnfitSample(
      `${differ}\nA dataset needs columns that all of its files have. Where the first line is no header, add one.`,
    );
  }
  const commands = [...new Set(templates)].map(initCommand).join('\n');
  throw new UnfitSample(
    `${differ}\nThey look like several datasets. Add one after the other:\n${commands}`,
  );
}

function byColumns(files: readonly SampledFile[]): (readonly SampledFile[])[] {
  return [...groupedBy(files, ({ header }) => [...header].sort().join('\0')).values()];
}

/** Less than half of their columns are the same. */
function isOther([a]: readonly SampledFile[], [b]: readonly SampledFile[]): boolean {
  const [inA, inB] = [new Set(a?.header), new Set(b?.header)];
  const shared = [...inA].filter((name) => inB.has(name)).length;
  return shared * 2 < inA.size + inB.size - shared;
}
