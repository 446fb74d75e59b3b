/** The definition of a dataset changes: a restart goes with it, since definitions are read at the start. */
import fc from 'fast-check';
import { holds, sameShape, shapeOf } from './output-shape.js';
import { settled } from './settled.js';
import {
  bysDrawn,
  type ColumnsSpec,
  keys,
  measures,
  nullsDrawn,
  type Spec,
  specKey,
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

const measured = fc.tuple(fc.nat({ max: 2 }), fc.constantFrom(...measures)).map(
  ([which, measure]): Change => ({
    name: `measure ${which} becomes ${measure.measure}(${measure.column ?? ''})`,
    to: ofColumns((spec) => ({
      ...spec,
      measures: spec.measures.map((each, at) =>
        at === which % spec.measures.length ? measure : each,
      ),
    })),
  }),
);

const oneMore: Change = {
  name: 'a measure more, or two less',
  to: ofColumns((spec) => ({
    ...spec,
    measures:
      spec.measures.length > 2
        ? spec.measures.slice(2)
        : [...spec.measures, { measure: 'count', column: null }],
  })),
};

const keyed = fc.constantFrom(...keys).map(
  (key): Change => ({
    name: `a key more (${key.part ?? ''} ${key.column}), or two less`,
    to: ofColumns((spec) => ({ ...spec, keys: spec.keys.length > 1 ? [] : [...spec.keys, key] })),
  }),
);

const countedBy = fc.constantFrom(...bysDrawn).map(
  (by): Change => ({
    name: `by [${by}]`,
    to: ofWide((spec) => ({ ...spec, by })),
  }),
);

const renamed: Change = {
  name: 'other names',
  to: (spec) => ({ ...spec, names: spec.names === 'usual' ? 'odd' : 'usual' }),
};

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
  ...[
    measured,
    measured,
    keyed,
    countedBy,
    fc.constantFrom(checksDay, hourOrWeekday, renamed, oneMore),
  ],
);

const toAnother = fc.array(change, { minLength: 1, maxLength: 3 }).map(
  (changes): DatasetStep => ({
    name: `restart with ${changes.map(({ name }) => name).join(', ')}`,
    run: async (dataset, world) => {
      const { spec } = dataset.rules;
      await become(
        dataset,
        world,
        changes.reduce((before, { to }) => to(before), spec),
      );
    },
  }),
);

const toEarlier: DatasetStep = {
  name: 'restart with the definition before',
  run: async (dataset, world) => {
    const spec = dataset.earlier.pop();
    if (spec !== undefined) await become(dataset, world, spec);
  },
};

async function become(dataset: KeptDataset, world: World, spec: Spec): Promise<void> {
  const { rules, truth } = dataset;
  const [before, after] = [truth.shape, shapeOf(spec, truth.calendar)];
  // Without a record of its columns the file could not be read.
  if (truth.text !== null && !truth.hasLedger && !holds(after, before)) return;
  if (specKey(spec) !== specKey(rules.spec)) dataset.earlier.push(rules.spec);
  // With Redis, looks that nobody asked for would judge by the settings before; and who has other columns is overtaken.
  const everywhere = world.keepers.kind === 'redis' || !sameShape(before, after);
  await world.restart(new Map([[dataset, { ...rules, spec }]]), everywhere);
  truth.rulesChanged = true;
  await settled(world);
}

export const definitionSteps: fc.Arbitrary<DatasetStep> = fc.oneof(
  { weight: 3, arbitrary: toAnother },
  { weight: 1, arbitrary: fc.constant(toEarlier) },
);
