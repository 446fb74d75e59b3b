import { useDashboard } from '../store/dashboard.js';
import { ActiveRuns } from './active-runs.js';
import { Attention } from './attention.js';
import { CheckpointCard } from './checkpoint-card.js';
import { DayPanel } from './day-panel.js';
import { Days } from './days.js';
import { Header } from './header.js';
import { Output } from './output.js';
import { Overview } from './overview.js';
import { PlaceFacts } from './place-facts.js';
import { ProblemNote } from './problem-note.js';
import { Questions } from './questions.js';
import { RunPanel } from './run-panel.js';
import { Runs } from './runs.js';
import { ShapeSprite } from './shape.js';
import { TokenDialog } from './token-dialog.js';
import { VerdictBanner } from './verdict-banner.js';

export function Page() {
  const { subject } = useDashboard();
  return (
    <>
      <ShapeSprite />
      {subject.value === 'all' ? (
        <a class="skip" href="#datasets">
          Skip to the datasets
        </a>
      ) : (
        <a class="skip" href="#days">
          Skip to the days
        </a>
      )}
      <Header />
      <main class="page">
        <Troubles />
        {subject.value === 'all' ? <Overview /> : <OneDataset />}
      </main>
      <DayPanel />
      <RunPanel />
      <Questions />
      <TokenDialog />
    </>
  );
}

/** Why the newest look failed. A refused token is the dialog's matter, which closes when another is entered. */
function Troubles() {
  const { subject, catalog, facts, session } = useDashboard();
  const problem = subject.value === 'dataset' ? facts.problem.value : catalog.problem.value;
  if (session.refusal.value !== null || problem?.isRefusal) return null;
  return <ProblemNote problem={problem} />;
}

function OneDataset() {
  const { dataset, facts } = useDashboard();
  const isKnown = facts.days.value !== null && facts.checkpoint.value !== null;
  return (
    <>
      {dataset.value !== null && <PlaceFacts dataset={dataset.value} />}
      {isKnown ? <Sections /> : <Loading />}
    </>
  );
}

function Sections() {
  return (
    <>
      <VerdictBanner />
      <ActiveRuns />
      <div class="columns">
        <div class="column">
          <Days />
          <Attention />
        </div>
        <div class="column">
          <CheckpointCard />
          <Runs />
        </div>
      </div>
      <Output />
    </>
  );
}

function Loading() {
  const { catalog, facts, session } = useDashboard();
  const failed = facts.problem.value !== null || catalog.problem.value !== null;
  if (failed || session.refusal.value !== null) return null;
  return (
    <p class="loading" role="status">
      Looking at the days…
    </p>
  );
}
