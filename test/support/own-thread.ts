import type { StampWatchOptions } from '../../src/stamps/stamp-watch.js';

/** For stores that no one closes: a thread for each of thousands would outlast its test. */
export const onOwnThread: StampWatchOptions = { mostAtOnce: Number.POSITIVE_INFINITY };
