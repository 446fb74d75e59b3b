import type { Dataset, DayState } from '../../client/types.js';
import { ago, count } from '../../client/words.js';
import { glanceAt, glanceAtAll } from '../model/overview.js';
import { readingBriefly } from '../model/readings.js';
import { stateMeanings } from '../model/states.js';
import { useDashboard } from '../store/dashboard.js';
import { Fact } from './fact.js';
import { Outcome } from './outcome.js';
import { Shape, type ShapeName } from './shape.js';

/** All datasets of the service, with a summary of each. */
export function Overview() {
  const { catalog } = useDashboard();
  const datasets = catalog.datasets.value ?? [];
  const { mood, headline, sentences } = glanceAtAll(datasets);
  return (
    <>
      <section class="verdict" data-mood={mood} aria-labelledby="verdict">
        <div class="verdict-words">
          <h1 id="verdict">{headline}</h1>
          {sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      </section>
      <ul class="datasets" id="datasets" tabIndex={-1} aria-label="Datasets">
        {datasets.map((dataset) => (
          <li key={dataset.name}>
            <Glance dataset={dataset} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Glance({ dataset }: { readonly dataset: Dataset }) {
  const { name, raw, output } = dataset;
  const { mood, headline, sentences } = glanceAt(dataset);
  return (
    <article class="card glance" data-mood={mood} aria-label={name}>
      <h2>
        <a href={`/?${new URLSearchParams({ dataset: name })}`}>{name}</a>
      </h2>
      <p class="glance-headline">{headline}</p>
      {sentences.map((sentence) => (
        <p key={sentence} class="hint wrap">
          {sentence}
        </p>
      ))}
      {dataset.counts !== null && <States dataset={dataset} counts={dataset.counts} />}
      <dl class="facts">
        {dataset.counts !== null && <Newest dataset={dataset} />}
        <Fact name="Raw" code>
          {raw}
        </Fact>
        <Fact name="Output" code>
          {output}
        </Fact>
      </dl>
    </article>
  );
}

interface StatesProps {
  readonly dataset: Dataset;
  readonly counts: NonNullable<Dataset['counts']>;
}

function States({ dataset: { failed }, counts }: StatesProps) {
  const states = (Object.keys(stateMeanings) as DayState[]).filter((state) => counts[state] > 0);
  return (
    <ul class="glance-states" aria-label="Days by state">
      {failed !== null && failed > 0 && <State name="failed" words="failed last" days={failed} />}
      {states.map((state) => (
        <State key={state} name={state} words={state} days={counts[state]} />
      ))}
    </ul>
  );
}

interface StateProps {
  readonly name: ShapeName;
  readonly words: string;
  readonly days: number;
}

function State({ name, words, days }: StateProps) {
  return (
    <li>
      <Shape name={name} />
      {count(days)} {words}
    </li>
  );
}

/** How fresh it is. */
function Newest({ dataset: { checkpoint, lastRun, lastCommit } }: { readonly dataset: Dataset }) {
  const { now } = useDashboard();
  const { day = null, completeThrough = null, reading = null } = checkpoint ?? {};
  const amiss = readingBriefly(reading);
  const since = (instant: string) => ago(Date.parse(instant), now.value);
  return (
    <>
      <Fact name="Checkpoint">
        {day ?? 'none'}
        {day !== completeThrough && `, complete through ${completeThrough ?? 'no day'}`}
        {amiss !== null && `; ${amiss}`}
      </Fact>
      <Fact name="Last run">
        {lastRun === null ? (
          'none yet'
        ) : (
          <>
            <Outcome run={lastRun} /> {since(lastRun.finishedAt ?? lastRun.createdAt)}
          </>
        )}
      </Fact>
      <Fact name="Last commit">
        {lastCommit === null
          ? 'none yet'
          : `${since(lastCommit.committedAt)}, commit ${count(lastCommit.version)}`}
      </Fact>
    </>
  );
}
