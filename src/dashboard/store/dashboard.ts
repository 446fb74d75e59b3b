/** Everything that the views share, passed down by context. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Dataset } from '../../client/types.js';
import { type Actions, createActions } from './actions.js';
import { type Catalog, createCatalog } from './catalog.js';
import { createFacts, type Facts } from './facts.js';
import { createFollowing, type Following } from './following.js';
import { createPlaces, type Places } from './place.js';
import { createSession, type Session } from './session.js';
import { createTheme, type ThemeChoice } from './theme.js';

/** The dialog that is open. */
export type Question =
  | { readonly kind: 'run'; readonly days: readonly string[] | null; readonly dryRun: boolean }
  | { readonly kind: 'rewind'; readonly day: string | null }
  | { readonly kind: 'cancel'; readonly runId: string }
  | null;

/** One dataset, or all of them where there are several and the address names none. */
export type Subject = 'unknown' | 'dataset' | 'all';

export interface Dashboard {
  readonly subject: ReadonlySignal<Subject>;
  /** Of the dataset that the page shows; null until it is known, and on the page of all. */
  readonly name: ReadonlySignal<string | null>;
  /** The service's description of the dataset that the page shows; null until it is loaded. */
  readonly dataset: ReadonlySignal<Dataset | null>;
  readonly session: Session;
  readonly catalog: Catalog;
  readonly facts: Facts;
  readonly following: Following;
  readonly actions: Actions;
  readonly places: Places;
  readonly theme: ThemeChoice;
  readonly question: Signal<Question>;
  ask(question: Question): void;
  /** Looks at everything now. */
  refresh(): void;
  /** Days chosen in the strip. */
  readonly chosen: Signal<ReadonlySet<string>>;
  /** The current time, from which the page computes ages. */
  readonly now: Signal<number>;
}

const pulseEveryMs = 4_000;
/** Of a page about one dataset: where that lies, and what its columns are, hardly ever changes. */
const describedEveryMs = 60_000;

export function createDashboard(): Dashboard {
  // `/?dataset=orders`; null: the first.
  const asked = new URLSearchParams(location.search).get('dataset');
  const session = createSession(sessionStorage, location.origin, asked);
  const { client } = session;
  const catalog = createCatalog(client);
  const facts = createFacts(client);
  const following = createFollowing(client, facts);
  const now = signal(Date.now());
  const question = signal<Question>(null);

  const subject = computed<Subject>(() => {
    const all = catalog.datasets.value;
    if (asked !== null) return 'dataset';
    if (all === null) return 'unknown';
    return all.length > 1 ? 'all' : 'dataset';
  });
  const dataset = computed(() => {
    const all = catalog.datasets.value ?? [];
    return (asked === null ? all[0] : all.find(({ name }) => name === asked)) ?? null;
  });
  const name = computed(() =>
    subject.value === 'dataset' ? (asked ?? dataset.value?.name ?? null) : null,
  );
  effect(() => {
    document.title = titleOf(subject.value, dataset.value, name.value);
  });
  const pulse = () => {
    now.value = Date.now();
    // A hidden page makes no requests; one that waits for a token would only be refused.
    if (!document.hidden && session.refusal.value === null) void look();
  };
  const look = async () => {
    // First, because this request corrects the checkpoint if it is wrong, and reports that only to the first to ask.
    if (subject.value !== 'all') await facts.pulse();
    await catalog.look(subject.value === 'dataset' ? describedEveryMs : 0);
  };
  setInterval(pulse, pulseEveryMs);
  document.addEventListener('visibilitychange', pulse);
  pulse();

  return {
    subject,
    name,
    dataset,
    session,
    catalog,
    facts,
    following,
    actions: createActions(client, facts, following),
    places: createPlaces(),
    theme: createTheme(),
    question,
    ask: (next) => {
      question.value = next;
    },
    refresh: pulse,
    chosen: signal(new Set()),
    now,
  };
}

/** The name comes first: of a narrow tab little more can be read. */
function titleOf(subject: Subject, dataset: Dataset | null, name: string | null): string {
  if (subject === 'all') return 'All datasets · Daymark';
  if (dataset !== null) return `${dataset.name} · ${dataset.raw} → ${dataset.output} · Daymark`;
  return name === null ? 'Daymark' : `${name} · Daymark`;
}

const Context = createContext<Dashboard | null>(null);

export const DashboardProvider = Context.Provider;

export function useDashboard(): Dashboard {
  const dashboard = useContext(Context);
  if (dashboard === null) throw new Error('no dashboard is provided');
  return dashboard;
}
