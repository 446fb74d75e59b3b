import { useDashboard } from '../store/dashboard.js';
import { ActiveRuns } from './active-runs.js';
import { Attention } from './attention.js';
import { CheckpointCard } from './checkpoint-card.js';
import { DayPanel } from './day-panel.js';
import { Days } from './days.js';
import { Header } from './header.js';
import { Output } from './output.js';
import { ProblemNote } from './problem-note.js';
import { Questions } from './questions.js';
import { RunPanel } from './run-panel.js';
import { Runs } from './runs.js';
import { ShapeSprite } from './shape.js';
import { TokenDialog } from './token-dialog.js';
import { VerdictBanner } from './verdict-banner.js';

export function Page() {
  const { facts, session } = useDashboard();
  const known = facts.days.value !== null && facts.checkpoint.value !== null;
  return (
    <>
      <ShapeSprite />
      <a class="skip" href="#days">
        Skip to the days
      </a>
      <Header />
      <main class="page">
        {facts.problem.value !== null && session.refusal.value === null && (
          <ProblemNote problem={facts.problem.value} />
        )}
        {known ? <Sections /> : <Loading />}
      </main>
      <DayPanel />
      <RunPanel />
      <Questions />
      <TokenDialog />
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
  const { facts, session } = useDashboard();
  if (facts.problem.value !== null || session.refusal.value !== null) return null;
  return (
    <p class="loading" role="status">
      Looking at the days…
    </p>
  );
}
