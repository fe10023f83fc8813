import { describeOnBackends, useBackend } from '../support/backends.js';
import { rowCollectorCases } from './row-collector-cases.js';

describeOnBackends('rows that come batch by batch', (backend) => {
  rowCollectorCases(() => useBackend(backend));
});
