/** What the process sends is checked: only a whole answer to the question that was asked counts. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { failureOf, fakeDuck, never, openDuckDb, query, thrownBy } from './support.js';

it('takes whole answers', async () => {
  const duckdb = openDuckDb({ file: fakeDuck });
  const sound = await duckdb.rows(query('sound'), never());
  expect(sound).toEqual([
    ['a', null],
    ['b', 'c'],
  ]);
  expect(await duckdb.rows(query('empty'), never())).toEqual([]);
});

const unasked = "DuckDB's process sent something that is not an answer";

it.each([
  ['cut short', "DuckDB's process sent 2 rows and announced 3"],
  ['too many', "DuckDB's process sent 2 rows and announced 1"],
  ['none of those announced', "DuckDB's process sent 0 rows and announced 1"],
  ['other widths', "DuckDB's process sent rows of different widths"],
  ['other widths in one', unasked],
  ['a number', unasked],
  ['no row', unasked],
  ['no list', unasked],
  ['no count', unasked],
  ['garbage', unasked],
  ['half a line', unasked],
  ['no object', unasked],
  ['another kind', unasked],
  ['other fields', unasked],
  ['ready again', unasked],
  ['columns', "DuckDB's process sent an answer to another question"],
  ['a place beyond', "DuckDB's process sent a place beyond the query"],
  ['a failure of another kind', unasked],
  ['progress beyond all', unasked],
  ['broken', 'DuckDB is broken: INTERNAL Error: oops'],
  ['exit', "DuckDB's process ended with exit code 3"],
  ['complain', "DuckDB's process ended with exit code 4: cannot go on"],
])('fails a query with %s, and replaces the process', async (select, message) => {
  const duckdb = openDuckDb({ file: fakeDuck });
  await duckdb.rows(query('sound'), never());
  const [before] = duckdb.pids();
  const error = await thrownBy(duckdb.rows(query(select), never()));
  expect(`${error.name}: ${error.message}`).toBe(`Error: ${message}`);
  expect(await duckdb.rows(query('sound'), never())).toHaveLength(2);
  expect(duckdb.pids()).not.toContain(before);
});

it('does not take rows for columns', async () => {
  const duckdb = openDuckDb({ file: fakeDuck });
  const error = await thrownBy(duckdb.columns(query('sound'), never()));
  expect(error.message).toBe("DuckDB's process sent an answer to another question");
});

it('replaces a process that goes on after its last word', async () => {
  const duckdb = openDuckDb({ file: fakeDuck });
  expect(await duckdb.rows(query('an end, and more'), never())).toEqual([]);
  await eventually(() => expect(duckdb.pids()).toEqual([]));
  expect(await duckdb.rows(query('sound'), never())).toHaveLength(2);
});

it('does not take the rows of one query for those of the next', async () => {
  const duckdb = openDuckDb({ file: fakeDuck });
  await duckdb.rows(query('an end, and more later'), never());
  const error = await thrownBy(duckdb.rows(query('nothing'), never()));
  expect(error.message).toBe(unasked);
});

it('ends a process that is silent, though nobody cancels', async () => {
  const duckdb = openDuckDb({ file: fakeDuck, silentMs: 300 });
  const error = await thrownBy(duckdb.rows(query('nothing'), never()));
  expect(error.message).toBe("DuckDB's process hangs: it was silent for 300 ms");
  expect(await duckdb.rows(query('sound'), never())).toHaveLength(2);
});

it('ends a process that is silent, though another clock says that the timer was early', async () => {
  // In fact it is less than a millisecond, now and then.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  onTestFinished(() => clock.mockRestore());
  const duckdb = openDuckDb({ file: fakeDuck, silentMs: 300 });
  const error = await thrownBy(duckdb.rows(query('nothing'), never()));
  expect(error.message).toMatch(/hangs/);
});

it('ends a process that does not react to a cancel', async () => {
  const duckdb = openDuckDb({ file: fakeDuck, cancelMs: 200 });
  await duckdb.rows(query('sound'), never());
  const [before] = duckdb.pids();
  const stop = AbortSignal.timeout(100);
  const error = await thrownBy(duckdb.rows(query('nothing'), stop));
  expect(error).toBe(stop.reason);
  expect(await duckdb.rows(query('sound'), never())).toHaveLength(2);
  expect(duckdb.pids()).not.toContain(before);
});

it('keeps no more of a result than it may', async () => {
  const duckdb = openDuckDb({ file: fakeDuck, mostResultBytes: 5_000_000 });
  const { kind, message } = await failureOf(duckdb.rows(query('flood'), never()));
  expect([kind, message]).toEqual(['memory', 'the result is larger than 5 MiB']);
  expect(await duckdb.rows(query('sound'), never())).toHaveLength(2);
});

it('tells progress that rises', async () => {
  const shares: number[] = [];
  await openDuckDb({ file: fakeDuck }).rows(query('steps'), never(), (share) => shares.push(share));
  expect(shares).toEqual([0.5, 0.75]);
});

it('says why DuckDB could not be loaded', async () => {
  const duckdb = openDuckDb({ file: new URL('./no-such-file.mjs', import.meta.url) });
  const error = await thrownBy(duckdb.rows(query('sound'), never()));
  expect(error.message).toMatch(/^DuckDB could not be loaded: .*Cannot find module/s);
});
