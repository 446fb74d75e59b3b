/** Things that happen to Daymark, each done to the real thing and to the model. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { AdoptRule } from '../../src/model/rules.js';
import { definitionSteps } from './definition-steps.js';
import { editedText, edits, legacyFiles, otherJobs, wholeRows } from './output-edits.js';
import { landGood, rawSteps } from './raw-steps.js';
import { replaceOutput } from './replace-output.js';
import { rewindSteps, runSteps, runsAtOnce } from './run-steps.js';
import { settled } from './settled.js';
import { type DatasetStep, ofOne, type Step } from './step.js';
import { otherType } from './truth.js';
import type { KeptDataset } from './world.js';

// ---------------------------------------------------------------- the checkpoint store

const setCheckpoint = fc.nat({ max: 8 }).map(
  (which): DatasetStep => ({
    name: `the checkpoint becomes value ${which}`,
    run: async ({ keeper, truth }) => {
      const { stored } = truth.calendar;
      const value = stored[which % stored.length] ?? null;
      await keeper.put(value);
      truth.stored = value;
    },
  }),
);

const flush: Step = {
  name: 'the checkpoint store is flushed',
  run: async ({ keepers, datasets }) => {
    await keepers.flush();
    for (const { truth } of datasets) truth.stored = null;
  },
};

const otherTypeStep: DatasetStep = {
  name: 'the checkpoint becomes something of another type',
  run: async ({ keeper, truth }, { keepers }) => {
    await keeper.putOtherType();
    truth.stored = otherType;
    // Once that is gone, a service finds out by itself.
    if (keepers.kind === 'redis') truth.mayBeRight = true;
  },
};

const disconnect: Step = {
  name: 'Redis goes',
  run: async ({ keepers, datasets }) => {
    if (keepers.kind !== 'redis') return;
    keepers.connect(false);
    for (const { truth } of datasets) truth.reachable = false;
  },
};

const connect: Step = {
  name: 'Redis is back',
  run: async (world) => {
    if (world.datasets.every(({ truth }) => truth.reachable)) return;
    world.keepers.connect(true);
    for (const { truth } of world.datasets) truth.reachable = true;
    await settled(world);
  },
};

// ---------------------------------------------------------------- losses

/** A cut line is forgiven only where a ledger tells what it was; without one the file is not ours. */
async function dropCutLine({ folder, truth }: KeptDataset): Promise<void> {
  const { text } = truth;
  if (text === null || text.endsWith('\n')) return;
  truth.edited(text.slice(0, text.lastIndexOf('\n') + 1));
  await writeFile(folder.output, truth.text ?? '');
}

const loseLedger: DatasetStep = {
  name: 'the ledger is lost',
  run: async (dataset) => {
    // No one could tell what is in the output.
    if (dataset.truth.changesColumns) return;
    await dropCutLine(dataset);
    await rm(dataset.folder.commits, { recursive: true, force: true });
    dataset.truth.forgetLedger();
    dataset.truth.unreadable = false;
  },
};

/**
 * As after a bad block: its bytes are gone, its name is there. A process that has read it need not look again; so
 * all of them start anew.
 */
const emptyHead: DatasetStep = {
  name: 'the head record is emptied, and every process restarted',
  run: async (dataset, world) => {
    const { folder, truth } = dataset;
    const names = (await readdir(folder.commits).catch(() => [])).filter((name) =>
      name.endsWith('.json'),
    );
    const head = names.sort().at(-1);
    if (head === undefined || truth.changesColumns) return;
    await dropCutLine(dataset);
    await writeFile(join(folder.commits, head), '');
    truth.forgetLedger();
    truth.unreadable = true;
    await world.restart(undefined, true);
    await settled(world);
  },
};

const loseState: DatasetStep = {
  name: 'all state is lost',
  run: async (dataset, { keepers }) => {
    const { folder, truth } = dataset;
    if (truth.changesColumns) return;
    await dropCutLine(dataset);
    await rm(folder.root, { recursive: true, force: true });
    truth.forgetLedger();
    truth.unreadable = false;
    truth.kept.clear();
    if (keepers.kind === 'embedded') truth.stored = null;
  },
};

const loseBoth: Step = {
  name: 'all state and all checkpoints are lost',
  run: async (world) => {
    for (const dataset of world.datasets) await loseState.run(dataset, world);
    await flush.run(world);
  },
};

const restart: Step = {
  name: 'restart',
  run: async (world) => {
    await world.restart();
    await settled(world);
  },
};

const turn: Step = {
  name: 'another process is asked',
  run: async (world) => {
    await world.turn();
    await settled(world);
  },
};

/** With Redis, looks that nobody asked for would judge by the settings before: there every process is restarted. */
const changeSettings = fc.constantFrom<AdoptRule[]>('compare', 'compare', 'trust').map(
  (adopt): DatasetStep => ({
    name: `restart with DAYMARK_ADOPT=${adopt}`,
    run: async (dataset, world) => {
      const rules = { ...dataset.rules, adopt };
      await world.restart(new Map([[dataset, rules]]), world.keepers.kind === 'redis');
      dataset.truth.rulesChanged = true;
      await settled(world);
    },
  }),
);

// ---------------------------------------------------------------- edits of the output

const edit = fc.constantFrom(...Object.keys(edits), ...Object.keys(otherJobs)).map(
  (name): DatasetStep => ({
    name,
    run: async (dataset) => {
      const text = editedText(name, dataset.truth);
      if (text === null) return;
      await replaceOutput(dataset, text);
      dataset.truth.edited(text);
    },
  }),
);

const legacy = legacyFiles.map(
  (rowsIn): DatasetStep => ({
    name: 'the output is replaced by a legacy file',
    run: async (dataset) => {
      const { truth } = dataset;
      if (truth.headDiffers && truth.text === null) return;
      const text = [truth.outputShape.header, ...rowsIn(truth), ''].join('\n');
      await replaceOutput(dataset, text);
      truth.edited(text);
    },
  }),
);

const cutLine: DatasetStep = {
  name: 'the last line is cut in the middle',
  run: async ({ folder, truth }) => {
    // Without a ledger no one could tell: the file is then unreadable, which is another step.
    if (
      truth.text === null ||
      !truth.hasLedger ||
      wholeRows(truth.text, truth.outputShape).length === 0
    )
      return;
    const cut = truth.text.trimEnd().replace(/\n([^,\n]*),[^\n]*$/, '\n$1');
    await writeFile(folder.output, cut);
    truth.edited(cut);
  },
};

const removeOutput: DatasetStep = {
  name: 'the output is removed',
  run: async ({ folder, truth }) => {
    await rm(folder.output, { force: true });
    truth.edited(null);
  },
};

/** For a while: nothing works, and nothing is touched, until it is put right by hand. */
const unreadable: DatasetStep = {
  name: 'the output is no output for a while',
  run: async (dataset) => {
    const { folder, truth, plane } = dataset;
    if (truth.text === null) return;
    const junk = 'day,total\n0,1\n';
    await replaceOutput(dataset, junk);
    const refusal = { slug: 'output-unreadable' };
    await expect(plane.survey()).rejects.toMatchObject(refusal);
    await expect(plane.rewind(null)).rejects.toMatchObject(refusal);
    expect(await readFile(folder.output, 'utf8')).toBe(junk);
    await replaceOutput(dataset, truth.text);
  },
};

/** What may be there before Daymark starts for the first time. */
export const earlyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: rawSteps },
  { weight: 2, arbitrary: ofOne(edit) },
  { weight: 1, arbitrary: ofOne(legacy) },
);

const losses = fc.oneof(
  { weight: 3, arbitrary: ofOne(fc.constantFrom(loseLedger, emptyHead, loseState)) },
  { weight: 1, arbitrary: fc.constant(loseBoth) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: rawSteps },
  { weight: 8, arbitrary: runSteps },
  { weight: 2, arbitrary: rewindSteps },
  { weight: 2, arbitrary: ofOne(setCheckpoint) },
  { weight: 1, arbitrary: fc.oneof(fc.constant(flush), ofOne(fc.constant(otherTypeStep))) },
  { weight: 1, arbitrary: fc.constantFrom(disconnect, connect, connect) },
  { weight: 2, arbitrary: losses },
  { weight: 2, arbitrary: fc.constantFrom(restart, turn, turn) },
  { weight: 2, arbitrary: ofOne(definitionSteps) },
  { weight: 1, arbitrary: ofOne(changeSettings) },
  { weight: 4, arbitrary: ofOne(edit) },
  { weight: 1, arbitrary: ofOne(legacy) },
  { weight: 2, arbitrary: ofOne(fc.constantFrom(cutLine, removeOutput, unreadable)) },
);

/** Left out when a failure shrinks. */
const perhaps = (each: fc.Arbitrary<Step>) => fc.option(each, { freq: 20 });

/** Days are made, and made again under another definition: by chance alone that would be seldom. */
const madeAgain = fc
  .tuple(
    ...([landGood, landGood, landGood, runsAtOnce] as const).map(perhaps),
    perhaps(ofOne(definitionSteps)),
    perhaps(rawSteps),
    perhaps(runsAtOnce),
  )
  .map((all) => all.filter((each) => each !== null));

/** What happens, one after the other. */
export const moves: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 10, arbitrary: step.map((each) => [each]) },
  { weight: 1, arbitrary: madeAgain },
);
