/** The operator's actions. Each is sent under its own key, so that it is safe to repeat. */
import { type Signal, signal } from '@preact/signals';
import type { Client } from '../../client/client.js';
import type { Rewind, Run, RunWish } from '../../client/types.js';
import { type Problem, problemFrom } from '../model/problem.js';
import type { Facts } from './facts.js';
import type { Following } from './following.js';

export interface Actions {
  /** Why the newest action failed, until it is dismissed. */
  readonly problem: Signal<Problem | null>;
  readonly busy: Signal<boolean>;
  /** Null if it failed. `key` identifies the intent: repeating the same action uses the same key. */
  start(key: string, wish: RunWish): Promise<Run | null>;
  cancel(id: string): Promise<Run | null>;
  rewind(day: string | null): Promise<Rewind | null>;
}

/** `dashboard:` and 128 random bits. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `dashboard:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

export function createActions(client: Client, facts: Facts, following: Following): Actions {
  const problem = signal<Problem | null>(null);
  const busy = signal(false);

  const attempt = async <T>(act: () => Promise<T>): Promise<T | null> => {
    busy.value = true;
    problem.value = null;
    try {
      return await act();
    } catch (error) {
      problem.value = problemFrom(error);
      return null;
    } finally {
      busy.value = false;
    }
  };

  return {
    problem,
    busy,
    start: (key, wish) =>
      attempt(async () => {
        const run = await client.submit(wish, key);
        following.add(run);
        return run;
      }),
    cancel: (id) => attempt(() => client.cancel(id)),
    rewind: (day) =>
      attempt(async () => {
        const answer = await client.rewind(day);
        await facts.refresh();
        return answer;
      }),
  };
}
