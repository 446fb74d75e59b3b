/** Everything that the views share, passed down by context. */
import { type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Actions, createActions } from './actions.js';
import { createFacts, type Facts } from './facts.js';
import { createFollowing, type Following } from './following.js';
import { createPlaces, type Places } from './place.js';
import { createSession, type Session } from './session.js';
import { createTables, type Tables } from './tables.js';
import { createTheme, type ThemeChoice } from './theme.js';

/** The dialog that is open. */
export type Question =
  | { readonly kind: 'run'; readonly days: readonly string[] | null; readonly dryRun: boolean }
  | { readonly kind: 'rewind'; readonly day: string | null }
  | { readonly kind: 'cancel'; readonly runId: string }
  | null;

export interface Dashboard {
  /** From the address (`/?dataset=orders`); null: the first. */
  readonly dataset: string | null;
  readonly session: Session;
  readonly facts: Facts;
  readonly following: Following;
  readonly actions: Actions;
  readonly tables: Tables;
  readonly places: Places;
  readonly theme: ThemeChoice;
  readonly question: Signal<Question>;
  ask(question: Question): void;
  /** Days chosen in the strip. */
  readonly chosen: Signal<ReadonlySet<string>>;
  /** The current time, from which the page computes ages. */
  readonly now: Signal<number>;
}

const pulseEveryMs = 4_000;

export function createDashboard(): Dashboard {
  const dataset = new URLSearchParams(location.search).get('dataset');
  if (dataset !== null) document.title = `${dataset} · Daymark`;
  const session = createSession(sessionStorage, location.origin, dataset);
  const { client } = session;
  const facts = createFacts(client);
  const following = createFollowing(client, facts);
  const now = signal(Date.now());
  const question = signal<Question>(null);

  const pulse = () => {
    now.value = Date.now();
    // A hidden page makes no requests; one that waits for a token would only be refused.
    if (!document.hidden && session.refusal.value === null) void facts.pulse();
  };
  setInterval(pulse, pulseEveryMs);
  document.addEventListener('visibilitychange', pulse);
  pulse();

  return {
    dataset,
    session,
    facts,
    following,
    actions: createActions(client, facts, following),
    tables: createTables(client),
    places: createPlaces(),
    theme: createTheme(),
    question,
    ask: (asked) => {
      question.value = asked;
    },
    chosen: signal(new Set()),
    now,
  };
}

const Context = createContext<Dashboard | null>(null);

export const DashboardProvider = Context.Provider;

export function useDashboard(): Dashboard {
  const dashboard = useContext(Context);
  if (dashboard === null) throw new Error('no dashboard is provided');
  return dashboard;
}
