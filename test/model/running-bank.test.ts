import { expect, it } from 'vitest';
import { SaladModel } from '../../src/model/salad-model.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { describeOnBackends } from '../support/backends.js';
import { memoryFile, normals, tinyModel } from './tiny.js';

describeOnBackends('the running bank', (backend) => {
  it('is the bank as the steps left it, beside the refreshed one', async () => {
    if (backend === 'wasm') enableWasmTraining();
    const model = tinyModel();
    expect(model.runningBank).toBeUndefined();
    await model.fit(normals(12));
    const running = Array.from((await model.runningBank?.rows.data()) ?? []);
    const refreshed = Array.from(await model.bank.rows.data());
    expect(running.length).toBe(refreshed.length);
    expect(running).not.toEqual(refreshed);

    const [plain, whole] = [memoryFile(), memoryFile()];
    await model.save(plain);
    await model.save(whole, { includeTraining: true });
    const withoutTraining = await SaladModel.load(plain);
    const withTraining = await SaladModel.load(whole);
    expect(withoutTraining.runningBank).toBeUndefined();
    expect(Array.from((await withTraining.runningBank?.rows.data()) ?? [])).toEqual(running);
    for (const one of [model, withoutTraining, withTraining]) one.dispose();
  });
});
