import { describe, expect, it } from 'vitest';
import type { RawDay } from '../../src/core/ports/raw.js';
import { rawMarkOf, rawPresence } from '../../src/core/raw-presence.js';
import type { Day } from '../../src/model/day.js';
import type { RawMark } from '../../src/model/ledger.js';

const made = { fingerprint: [{ name: 'orders.csv', sizeBytes: 1, mtimeNs: '1' }] };
const adopted = { fingerprint: null };

function listingOf(days: readonly string[], device: string) {
  return {
    root: '/srv/raw',
    device,
    days: new Map(days.map((day) => [day as Day, { files: [{}] } as unknown as RawDay])),
  };
}

interface Scene {
  readonly raw?: readonly string[];
  readonly device?: string;
  /** Days that were made from raw files. */
  readonly made?: readonly string[];
  readonly adopted?: readonly string[];
  readonly recorded?: RawMark | null;
}

function evidenceOf({ raw = [], device = '1', recorded = null, ...days }: Scene) {
  const listing = listingOf(raw, device);
  const known = (names: readonly string[], ledger: typeof made | typeof adopted) =>
    names.map((day) => ({ ledger, raw: listing.days.get(day as Day) ?? null }));
  const ofLedger = [...known(days.made ?? [], made), ...known(days.adopted ?? [], adopted)];
  return { listing, judged: [{ days: ofLedger }], recorded };
}

const days = ['0', '1', '2', '3'];
const noneLost = { device: '1', archived: 0 };

describe('the raw root', () => {
  it.each<[what: string, scene: Scene]>([
    ['with all its days', { raw: days, made: days, recorded: noneLost }],
    ['with new days', { raw: [...days, '4'], made: days, recorded: noneLost }],
    [
      'with all its days, on another device',
      { raw: days, made: days, device: '2', recorded: noneLost },
    ],
    ['that is empty, as it was before the first run', { device: '2' }],
    ['without one of its days', { raw: ['0', '1', '2'], made: days, recorded: noneLost }],
    [
      'that keeps only the newest days',
      { raw: ['3'], made: days, recorded: { device: '1', archived: 3 } },
    ],
    ['that lost one more', { raw: ['3'], made: days, recorded: { device: '1', archived: 2 } }],
    [
      'that was empty at the last commit already',
      { made: days, recorded: { device: '1', archived: 4 } },
    ],
    [
      'that was empty already, on another device',
      { made: days, device: '2', recorded: { device: '1', archived: 4 } },
    ],
    ['that got days back', { raw: days, made: days, recorded: { device: '1', archived: 3 } }],
    ['without days that were adopted without it', { adopted: days, recorded: noneLost }],
    ['without some days, of which no record tells', { raw: ['3'], made: days, recorded: null }],
  ])('%s is there', (_, scene) => {
    expect(rawPresence(evidenceOf(scene))).toEqual({ kind: 'there' });
  });

  it('that is another device without days is not mounted', () => {
    const found = rawPresence(evidenceOf({ made: days, device: '2', recorded: noneLost }));
    expect(found).toEqual({
      kind: 'unmounted',
      detail:
        'The raw root /srv/raw (DAYMARK_RAW_DIR) holds no days, and is on another device than at the last commit, when it held 4 processed days: its file system does not seem to be mounted. Mount it. If this is on purpose, set DAYMARK_ALLOW_EMPTY_RAW=true.',
    });
  });

  it.each<[what: string, scene: Scene, lost: number]>([
    ['all its days, on the same device', { made: days, recorded: noneLost }, 4],
    ['its only day', { made: ['0'], recorded: noneLost }, 1],
    ['the last that was left', { made: days, recorded: { device: '1', archived: 3 } }, 1],
    ['two of its days', { raw: ['0', '1'], made: days, recorded: noneLost }, 2],
    ['two more than before', { raw: ['3'], made: days, recorded: { device: '1', archived: 1 } }, 2],
    [
      'two of its days, and is on another device',
      { raw: ['0', '1'], made: days, device: '2', recorded: noneLost },
      2,
    ],
    ['all its days, of which no record tells', { made: days, recorded: null }, 4],
    ['all but new ones', { raw: ['7'], made: days, recorded: noneLost }, 4],
  ])('lost %s', (_, scene, lost) => {
    const found = rawPresence(evidenceOf(scene));
    expect(found).toMatchObject({ kind: 'emptied', lost });
    expect(found).toMatchObject({
      detail: expect.stringMatching(
        /^The raw root \/srv\/raw \(DAYMARK_RAW_DIR\) has lost the raw files of [124] processed days?(?: since the last commit)?\. .*DAYMARK_ALLOW_EMPTY_RAW=true\.$/,
      ),
    });
  });
});

it('archived days are those that were made from raw files, and have no folder', () => {
  const { listing, judged } = evidenceOf({ raw: ['1'], made: ['0', '1'], adopted: ['2'] });
  const mark = rawMarkOf(listing, judged);
  expect(mark).toEqual({ device: '1', archived: 1 });
});
