/** Light or dark: as in the system, unless the reader chose; the choice is kept in this browser. */
import { effect, type Signal, signal } from '@preact/signals';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storageKey = 'daymark-theme';

export interface ThemeChoice {
  readonly chosen: Signal<Theme>;
  /** Increases when the colours change: for charts drawn on a canvas. */
  readonly changes: Signal<number>;
}

export function createTheme(): ThemeChoice {
  const stored = localStorage.getItem(storageKey);
  const chosen = signal<Theme>(themes.find((theme) => theme === stored) ?? 'system');
  const changes = signal(0);
  effect(() => {
    localStorage.setItem(storageKey, chosen.value);
    document.documentElement.dataset['theme'] = chosen.value;
    changes.value = changes.peek() + 1;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    changes.value += 1;
  });
  return { chosen, changes };
}
