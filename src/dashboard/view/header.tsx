import { ago } from '../../client/words.js';
import mark from '../mark.svg';
import { useDashboard } from '../store/dashboard.js';
import { type Theme, themes } from '../store/theme.js';
import { Select } from './select.js';

const themeNames: Readonly<Record<Theme, string>> = {
  system: 'System',
  light: 'Light',
  dark: 'Dark',
};

export function Header() {
  const { name, session } = useDashboard();
  return (
    <header class="header">
      <div class="header-name">
        <img src={mark} alt="" width="28" height="28" />
        <span>{name.value === null ? 'Daymark' : `Daymark · ${name.value}`}</span>
      </div>
      <AllDatasets />
      <Freshness />
      <nav class="header-tools" aria-label="Tools">
        <a href="/docs">API</a>
        <ThemeSwitch />
        {session.token.value !== null && (
          <button type="button" class="quiet" onClick={session.leave}>
            Forget the token
          </button>
        )}
      </nav>
    </header>
  );
}

/** The way back, where there is more than one. */
function AllDatasets() {
  const { subject, catalog } = useDashboard();
  const datasets = catalog.datasets.value?.length ?? 0;
  if (datasets < 2 || subject.value === 'all') return null;
  return <a href="/">All {datasets} datasets</a>;
}

function Freshness() {
  const { subject, catalog, facts, now } = useDashboard();
  const looks = subject.value === 'all' ? catalog : facts;
  const at = looks.lookedAt.value;
  const failing = looks.problem.value !== null;
  if (at === null) return <span class="freshness" />;
  return (
    <span class="freshness" data-failing={failing}>
      <span class="freshness-dot" aria-hidden="true" />
      {failing ? 'Not up to date: last seen' : 'Seen'} {ago(at, now.value)}
    </span>
  );
}

function ThemeSwitch() {
  const { theme } = useDashboard();
  return (
    <Select
      label="Colours"
      value={theme.chosen.value}
      options={themes.map((each) => [each, themeNames[each]])}
      onChoose={(chosen) => {
        const wanted = themes.find((each) => each === chosen);
        if (wanted !== undefined) theme.chosen.value = wanted;
      }}
    />
  );
}
