import { describeOnBackends } from '../support/backends.js';
import { nearestRowsCases } from './nearest-rows-cases.js';

describeOnBackends('nearestRows', nearestRowsCases);
