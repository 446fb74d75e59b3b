/** Things that happen to Daymark, each done to the real thing and to the model. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { AdoptRule } from '../../src/model/rules.js';
import { eventually } from '../support/eventually.js';
import { editedText, edits, legacyFiles, otherJobs, wholeRows } from './output-edits.js';
import { rawSteps } from './raw-steps.js';
import { replaceOutput } from './replace-output.js';
import { rewindSteps, runSteps } from './run-steps.js';
import type { Step } from './step.js';
import { otherType } from './truth.js';
import type { World } from './world.js';

// ---------------------------------------------------------------- the checkpoint store

const setCheckpoint = fc.nat({ max: 8 }).map(
  (which): Step => ({
    name: `the checkpoint becomes value ${which}`,
    run: async ({ keeper, truth, calendar }) => {
      const value = calendar.stored[which % calendar.stored.length] ?? null;
      await keeper.put(value);
      truth.stored = value;
    },
  }),
);

const flush: Step = {
  name: 'the checkpoint store is flushed',
  run: async ({ keeper, truth }) => {
    await keeper.flush();
    truth.stored = null;
  },
};

const otherTypeStep: Step = {
  name: 'the checkpoint becomes something of another type',
  run: async ({ keeper, truth }) => {
    await keeper.putOtherType();
    truth.stored = otherType;
    // Once that is gone, a service finds out by itself.
    if (keeper.kind === 'redis') truth.mayBeRight = true;
  },
};

const disconnect: Step = {
  name: 'Redis goes',
  run: async ({ keeper, truth }) => {
    if (keeper.kind !== 'redis') return;
    keeper.connect(false);
    truth.reachable = false;
  },
};

const connect: Step = {
  name: 'Redis is back',
  run: async (world) => {
    if (world.truth.reachable) return;
    world.keeper.connect(true);
    world.truth.reachable = true;
    await settled(world);
  },
};

/** Connections are made in the background, and lead to looks that nobody asked for. */
export async function settled({ plane, truth, keeper }: World): Promise<void> {
  if (keeper.kind !== 'redis' || !truth.reachable) return;
  truth.mayBeRight = true;
  const right = truth.stored === otherType ? 'wrong-type' : 'in-sync';
  await eventually(async () => {
    const { checkpoint } = await plane.survey();
    if (checkpoint.reading !== right) throw new Error(`the checkpoint stays ${checkpoint.reading}`);
  }, 20_000);
  truth.seen();
}

// ---------------------------------------------------------------- losses

/** A cut line is forgiven only where a ledger tells what it was; without one the file is not ours. */
async function dropCutLine({ folder, truth }: World): Promise<void> {
  const { text } = truth;
  if (text === null || text.endsWith('\n')) return;
  truth.edited(text.slice(0, text.lastIndexOf('\n') + 1));
  await writeFile(folder.output, truth.text ?? '');
}

const loseLedger: Step = {
  name: 'the ledger is lost',
  run: async (world) => {
    await dropCutLine(world);
    await rm(world.folder.commits, { recursive: true, force: true });
    world.truth.forgetLedger();
    world.truth.unreadable = false;
  },
};

/**
 * As after a bad block: its bytes are gone, its name is there. A process that has read it need not look again; so
 * all of them start anew.
 */
const emptyHead: Step = {
  name: 'the head record is emptied, and every process restarted',
  run: async (world) => {
    const { folder, truth } = world;
    const names = (await readdir(folder.commits).catch(() => [])).filter((name) =>
      name.endsWith('.json'),
    );
    const head = names.sort().at(-1);
    if (head === undefined) return;
    await dropCutLine(world);
    await writeFile(join(folder.commits, head), '');
    truth.forgetLedger();
    truth.unreadable = true;
    await world.restart(world.rules, true);
    await settled(world);
  },
};

const loseState: Step = {
  name: 'all state is lost',
  run: async (world) => {
    const { folder, keeper, truth } = world;
    await dropCutLine(world);
    await rm(folder.root, { recursive: true, force: true });
    truth.forgetLedger();
    truth.unreadable = false;
    truth.kept.clear();
    if (keeper.kind === 'embedded') truth.stored = null;
  },
};

const loseBoth: Step = {
  name: 'all state and the checkpoint are lost',
  run: async (world) => {
    await loseState.run(world);
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
    world.truth.rules = world.rules;
    await settled(world);
  },
};

/** With Redis, looks that nobody asked for would judge by the settings before: there every process is restarted. */
const changeSettings = fc
  .record({
    ignored: fc.constantFrom<string[]>([], ['tea'], ['tea'], ['milk', 'tea']),
    adopt: fc.constantFrom<AdoptRule>('compare', 'compare', 'trust'),
  })
  .map(
    ({ ignored, adopt }): Step => ({
      name: `restart with DAYMARK_ADOPT=${adopt}, and [${ignored.join()}] ignored`,
      run: async (world) => {
        const { checkpoint } = world.rules;
        await world.restart({ ignored, adopt, checkpoint }, world.keeper.kind === 'redis');
        world.truth.rules = world.rules;
        world.truth.rulesChanged = true;
        await settled(world);
      },
    }),
  );

// ---------------------------------------------------------------- edits of the output

const edit = fc.constantFrom(...Object.keys(edits), ...Object.keys(otherJobs)).map(
  (name): Step => ({
    name,
    run: async (world) => {
      const text = editedText(name, world.truth);
      if (text === null) return;
      await replaceOutput(world, text);
      world.truth.edited(text);
    },
  }),
);

const legacy = legacyFiles.map(
  (rowsIn): Step => ({
    name: 'the output is replaced by a legacy file',
    run: async (world) => {
      const text = [world.calendar.header, ...rowsIn(world.calendar), ''].join('\n');
      await replaceOutput(world, text);
      world.truth.edited(text);
    },
  }),
);

const cutLine: Step = {
  name: 'the last line is cut in the middle',
  run: async ({ folder, truth }) => {
    // Without a ledger no one could tell: the file is then unreadable, which is another step.
    if (truth.text === null || !truth.hasLedger || wholeRows(truth.text).length === 0) return;
    const cut = truth.text.trimEnd().replace(/,[^,]*$/, ',');
    await writeFile(folder.output, cut);
    truth.edited(cut);
  },
};

const removeOutput: Step = {
  name: 'the output is removed',
  run: async ({ folder, truth }) => {
    await rm(folder.output, { force: true });
    truth.edited(null);
  },
};

/** For a while: nothing works, and nothing is touched, until it is put right by hand. */
const unreadable: Step = {
  name: 'the output is no output for a while',
  run: async (world) => {
    const { folder, truth, plane } = world;
    if (truth.text === null) return;
    const junk = 'day,total\n0,1\n';
    await replaceOutput(world, junk);
    const refusal = { slug: 'output-unreadable' };
    await expect(plane.survey()).rejects.toMatchObject(refusal);
    await expect(plane.rewind(null)).rejects.toMatchObject(refusal);
    expect(await readFile(folder.output, 'utf8')).toBe(junk);
    await replaceOutput(world, truth.text);
  },
};

/** What may be there before Daymark starts for the first time. */
export const earlyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: rawSteps },
  { weight: 2, arbitrary: edit },
  { weight: 1, arbitrary: legacy },
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: rawSteps },
  { weight: 8, arbitrary: runSteps },
  { weight: 2, arbitrary: rewindSteps },
  { weight: 2, arbitrary: setCheckpoint },
  { weight: 1, arbitrary: fc.constantFrom(flush, otherTypeStep) },
  { weight: 1, arbitrary: fc.constantFrom(disconnect, connect, connect) },
  { weight: 2, arbitrary: fc.constantFrom(loseLedger, emptyHead, loseState, loseBoth) },
  { weight: 2, arbitrary: fc.constantFrom(restart, turn, turn) },
  { weight: 1, arbitrary: changeSettings },
  { weight: 4, arbitrary: edit },
  { weight: 1, arbitrary: legacy },
  { weight: 2, arbitrary: fc.constantFrom(cutLine, removeOutput, unreadable) },
);
