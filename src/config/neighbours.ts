/**
 * Datasets of one service never touch each other: none writes into the raw root or the state of another, however links
 * and mounts lead there. Two that have one output would, and the later of them is refused.
 */
import { UnfitPlace } from '../output/place.js';
import { stateFolderOf } from '../output/state-folder.js';
import { inTime } from '../process/time-limit.js';
import { type Holds, locate, whatHolds } from '../raw/outside-raw.js';
import type { DatasetConfig } from './dataset-config.js';
import { refuseIn, type Written } from './written-places.js';

/** Throws UnfitPlace if a dataset would write into another's folders. Call it before anything is created. */
export type RefuseIntrusion = (written: Written) => Promise<void>;

interface Neighbour {
  readonly dataset: DatasetConfig;
  readonly holdsInRaw: Holds;
  readonly holdsInState: Holds;
}

/** A dataset on a mount that hangs cannot be opened, and neither can one that would write there, so nothing waits for it. */
const lookTimeoutMs = 2_000;

/** Datasets are opened together at start, and later one by one as their faults are corrected. */
const freshMs = 2_000;

export function createNeighbours(datasets: readonly DatasetConfig[]): RefuseIntrusion {
  let looks: Promise<readonly Neighbour[]> | null = null;
  const lookAtAll = () => {
    if (looks === null) {
      looks = Promise.all(datasets.map(lookAt));
      const forget = () => {
        looks = null;
      };
      setTimeout(forget, freshMs).unref();
    }
    return looks;
  };
  return async (written) => {
    const { dataset } = written;
    const others = (await lookAtAll()).filter((each) => each.dataset.name !== dataset.name);
    await refuseRaw(written, others);
    const isEarlier = (each: Neighbour) =>
      datasets.findIndex(({ name }) => name === dataset.name) > datasets.indexOf(each.dataset);
    await refuseState(dataset, others, isEarlier);
  };
}

async function lookAt(dataset: DatasetConfig): Promise<Neighbour> {
  const look = async (folder: string): Promise<Holds> =>
    (await inTime(whatHolds(folder), lookTimeoutMs)) ?? (() => false);
  const [holdsInRaw, holdsInState] = await Promise.all([
    look(dataset.template.root),
    look(stateFolderOf(dataset.outputFile).root),
  ]);
  return { dataset, holdsInRaw, holdsInState };
}

async function refuseRaw(written: Written, others: readonly Neighbour[]): Promise<void> {
  await refuseIn(written, async (path) => {
    const found = await locate(path);
    const other = others.find(({ holdsInRaw }) => holdsInRaw(found))?.dataset;
    if (other === undefined) return null;
    return { name: `the raw root of the dataset ${other.name}`, folder: other.template.root };
  });
}

async function refuseState(
  { outputFile }: DatasetConfig,
  others: readonly Neighbour[],
  isEarlier: (other: Neighbour) => boolean,
): Promise<void> {
  const { outputFolder, root } = stateFolderOf(outputFile);
  const [folder, state] = [await locate(outputFolder), await locate(root)];
  for (const other of others) {
    const { name, outputFile: file } = other.dataset;
    if (other.holdsInState(folder)) {
      throw new UnfitPlace(
        `DAYMARK_OUTPUT_FILE leads into the state that Daymark keeps of the dataset ${name}: ${outputFile} lies in ${stateFolderOf(file).root}; set DAYMARK_OUTPUT_FILE to a place elsewhere.`,
      );
    }
    if (isEarlier(other) && other.holdsInState(state)) {
      throw new UnfitPlace(
        `DAYMARK_OUTPUT_FILE is the output of the dataset ${name}, too: over links or mounts ${outputFile} and ${file} are one file; give each a file of its own.`,
      );
    }
  }
}
