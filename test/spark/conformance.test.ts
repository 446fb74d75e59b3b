/** What every engine promises, kept by Spark on a real cluster: to the line and column. */
import { describe } from 'vitest';
import { promisesOfTables, promisesWhileReading } from '../engine/conformance.js';
import { keepTempDirs } from '../support/temp-dir.js';
import { describeSpark, gathering, sparkEngine } from './support/subject.js';

keepTempDirs();

describeSpark('the engine spark', () => {
  describe.concurrent('with many days at once', () => promisesOfTables(gathering(sparkEngine())));
  describe('with one day at a time', () => promisesWhileReading(sparkEngine()));
});
