import { ago } from '../../client/words.js';
import mark from '../mark.svg';
import { useDashboard } from '../store/dashboard.js';
import { type Theme, themes } from '../store/theme.js';

const themeNames: Readonly<Record<Theme, string>> = {
  system: 'System',
  light: 'Light',
  dark: 'Dark',
};

export function Header() {
  const { dataset, session } = useDashboard();
  return (
    <header class="header">
      <div class="header-name">
        <img src={mark} alt="" width="28" height="28" />
        <span>{dataset === null ? 'Daymark' : `Daymark · ${dataset}`}</span>
      </div>
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

function Freshness() {
  const { facts, now } = useDashboard();
  const at = facts.lookedAt.value;
  const failing = facts.problem.value !== null;
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
    <label class="theme">
      <span class="unseen">Colours</span>
      <select
        value={theme.chosen.value}
        onChange={({ currentTarget }) => {
          const wanted = themes.find((each) => each === currentTarget.value);
          if (wanted !== undefined) theme.chosen.value = wanted;
        }}
      >
        {themes.map((each) => (
          <option key={each} value={each}>
            {themeNames[each]}
          </option>
        ))}
      </select>
    </label>
  );
}
