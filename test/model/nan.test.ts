import { describeOnBackends, useBackend } from '../support/backends.js';
import { nanCases } from '../support/nan-cases.js';

// Stock wasm loses NaN in relu6: there the door alone keeps it out.
describeOnBackends('NaN', (backend) => nanCases(() => useBackend(backend), backend === 'cpu'));
