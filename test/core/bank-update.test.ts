import { describeOnBackends, useBackend } from '../support/backends.js';
import { bankUpdateCases } from './bank-update-cases.js';

// Without the kernels of salad-ad/wasm: cpu writes into its input, wasm makes the bank anew.
describeOnBackends('the update of a bank', (backend) => {
  bankUpdateCases(() => useBackend(backend), false);
});
