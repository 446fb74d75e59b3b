/** The definition of a dataset changes: a restart goes with it, since definitions are read at the start. */
import fc from 'fast-check';
import { sameShape, shapeOf } from './output-shape.js';
import { settled } from './settled.js';
import {
  type ColumnsSpec,
  type MeasureSpec,
  nullsDrawn,
  type Spec,
  specKey,
  typeIn,
  type WideSpec,
} from './spec.js';
import type { DatasetStep } from './step.js';
import type { KeptDataset, World } from './world.js';

/** From a definition to another one. What does not fit its kind is the same again. */
interface Change {
  readonly name: string;
  readonly to: (spec: Spec) => Spec;
}

const ofWide = (to: (spec: WideSpec) => WideSpec) => (spec: Spec) =>
  spec.kind === 'wide' ? to(spec) : spec;
const ofColumns = (to: (spec: ColumnsSpec) => ColumnsSpec) => (spec: Spec) =>
  spec.kind === 'columns' ? to(spec) : spec;

const ignored = fc.constantFrom<string[]>([], ['tea'], ['milk', 'tea']).map(
  (names): Change => ({
    name: `[${names}] ignored`,
    to: ofWide((spec) => ({ ...spec, ignored: names })),
  }),
);

const lastHour = fc.constantFrom(23, 40).map(
  (hour): Change => ({
    name: `hours to ${hour}`,
    to: ofWide((spec) => ({ ...spec, lastHour: hour })),
  }),
);

const checksDay: Change = {
  name: 'the day column checked, or no more',
  to: (spec) => ({ ...spec, checksDay: !spec.checksDay }),
};

const nulls = nullsDrawn.map(
  (texts): Change => ({
    name: `[${texts}] for nothing`,
    to: ofColumns((spec) => ({ ...spec, nulls: texts })),
  }),
);

const digits = fc.constantFrom(6, 12, 30).map(
  (count): Change => ({
    name: `fares of ${count} digits`,
    to: ofColumns((spec) => ({ ...spec, digits: count })),
  }),
);

const declared = fc.constantFrom('shipped', 'order_hour_of_day', 'seconds', 'ok').map(
  (name): Change => ({
    name: `${name} declared, or no more`,
    to: ofColumns((spec) => ({ ...spec, declared: toggled(spec.declared, name) })),
  }),
);

const nullable = fc.constantFrom('zone', 'fare', 'seconds', 'ok', 'shipped').map(
  (name): Change => ({
    name: `${name} may be empty, or no more`,
    to: ofColumns((spec) => ({ ...spec, nullable: toggled(spec.nullable, name) })),
  }),
);

/** The output calls it the same, and it is something else. */
const measured = fc.tuple(fc.nat({ max: 2 }), fc.nat()).map(
  ([which, choice]): Change => ({
    name: `measure ${which} becomes another (${choice % 12})`,
    to: ofColumns((spec) => ({
      ...spec,
      measures: spec.measures.map((each, at) =>
        at === which % spec.measures.length ? otherMeasure(spec, each, choice) : each,
      ),
    })),
  }),
);

function otherMeasure(spec: ColumnsSpec, { measure, column }: MeasureSpec, choice: number) {
  const counts: readonly MeasureSpec[] = [
    { measure: 'count', column: null },
    ...['zone', 'shipped'].flatMap((name): MeasureSpec[] => [
      { measure: 'count', column: name },
      { measure: 'distinct', column: name },
    ]),
  ];
  const isCount = column === null || measure === 'count' || measure === 'distinct';
  const isNumber = column !== null && typeIn(spec, column) === 'integer' && measure !== 'avg';
  const values = (['min', 'max', ...(isNumber ? (['sum'] as const) : [])] as const).map(
    (name): MeasureSpec => ({ measure: name, column }),
  );
  const others = isCount ? counts : values;
  return others[choice % others.length] as MeasureSpec;
}

const hourOrWeekday: Change = {
  name: 'weekdays for hours, hours for weekdays',
  to: ofColumns((spec) => ({
    ...spec,
    keys: spec.keys.map(({ column, part }) => {
      if (part === undefined || part === 'date' || column !== 'at')
        return { column, ...(part && { part }) };
      return { column, part: part === 'hour' ? 'weekday' : 'hour' };
    }),
  })),
};

const toggled = (all: readonly string[], name: string) =>
  all.includes(name) ? all.filter((each) => each !== name) : [...all, name];

const change: fc.Arbitrary<Change> = fc.oneof(
  ...[ignored, ignored, ignored, lastHour, nulls, nulls, digits, declared, nullable],
  ...[measured, measured, fc.constantFrom(checksDay, hourOrWeekday)],
);

/** Days are made again, one by one, where the output keeps its columns. */
const toAnother = fc.array(change, { minLength: 1, maxLength: 3 }).map(
  (changes): DatasetStep => ({
    name: `restart with ${changes.map(({ name }) => name).join(', ')}`,
    run: async (dataset, world) => {
      const { spec } = dataset.rules;
      await become(
        dataset,
        world,
        changes.reduce((before, { to }) => keepingShape(dataset, before, to(before)), spec),
      );
    },
  }),
);

function keepingShape({ truth: { calendar } }: KeptDataset, before: Spec, after: Spec): Spec {
  return sameShape(shapeOf(before, calendar), shapeOf(after, calendar)) ? after : before;
}

const toEarlier: DatasetStep = {
  name: 'restart with the definition before',
  run: async (dataset, world) => {
    const spec = dataset.earlier.pop();
    if (spec !== undefined) await become(dataset, world, spec);
  },
};

async function become(dataset: KeptDataset, world: World, spec: Spec): Promise<void> {
  const { rules, truth } = dataset;
  if (specKey(spec) !== specKey(rules.spec)) dataset.earlier.push(rules.spec);
  // With Redis, looks that nobody asked for would judge by the settings before.
  const everywhere = world.keepers.kind === 'redis';
  await world.restart(new Map([[dataset, { ...rules, spec }]]), everywhere);
  truth.rulesChanged = true;
  await settled(world);
}

export const definitionSteps: fc.Arbitrary<DatasetStep> = fc.oneof(
  { weight: 3, arbitrary: toAnother },
  { weight: 1, arbitrary: fc.constant(toEarlier) },
);
