/** Runs before each test file: properties begin at the seed unless they name another. */
import fc from 'fast-check';
import { seed } from './seed.js';

fc.configureGlobal({ seed });
