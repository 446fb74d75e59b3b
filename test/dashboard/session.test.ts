/** When the page asks for a token: against a real service, whose answers come when they come. */
import { expect, it } from 'vitest';
import { createSession, type TokenStorage } from '../../src/dashboard/store/session.js';
import { startService } from '../http/support.js';

function memory(): TokenStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

async function openSession() {
  const settings = { READ_TOKEN: 'may-read', OPERATE_TOKEN: 'may-operate' };
  const { address } = await startService({ settings });
  const session = createSession(memory(), address);
  /** True if it was allowed. */
  const look = () =>
    session.client.checkpoint().then(
      () => true,
      () => false,
    );
  return { session, look };
}

it('asks for a token when the one that was sent is refused', async () => {
  const { session, look } = await openSession();
  expect(await look()).toBe(false);
  expect(session.refusal.value).toMatch(/token/);
  session.enter('wrong');
  expect(session.refusal.value).toBeNull();
  expect(await look()).toBe(false);
  expect(session.refusal.value).toBe('The token is not one of ours.');
  session.enter('may-read');
  expect(await look()).toBe(true);
  expect(session.refusal.value).toBeNull();
});

it('a late refusal counts only against the token that was sent', async () => {
  const { session, look } = await openSession();
  const withNone = look();
  session.enter('wrong');
  expect(await withNone).toBe(false);
  expect(session.refusal.value).toBeNull();

  const withWrong = look();
  session.enter('may-read');
  expect(await withWrong).toBe(false);
  expect(session.refusal.value).toBeNull();
  expect(session.token.value).toBe('may-read');

  session.enter('wrong');
  const withForgotten = look();
  session.leave();
  expect(await withForgotten).toBe(false);
  expect(session.refusal.value).toBe('The token was forgotten.');
});
