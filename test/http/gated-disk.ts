/** A disk on which commits can be held up, so that a run stays active for as long as a test needs. */
import { type Disk, nodeDisk } from '../../src/disk/disk.js';

export interface GatedDisk {
  readonly disk: Disk;
  /** From here on no output is staged, until `open`. */
  close(): void;
  open(): void;
}

export function createGatedDisk(): GatedDisk {
  let passage: Promise<void> = Promise.resolve();
  let open = () => {};
  return {
    disk: {
      ...nodeDisk,
      create: async (path) => {
        if (path.includes('/staged/')) await passage;
        return nodeDisk.create(path);
      },
    },
    close: () => {
      passage = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
  };
}
