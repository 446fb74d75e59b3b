import { conformance } from './conformance.js';
import { describeEngines } from './subjects.js';

describeEngines(conformance);
