// For a notebook: every `// %%` starts a cell. tslab takes plain `await` at the top, but no `for await`.

// %% The backend is yours to choose; here WebAssembly.
import '@tensorflow/tfjs-backend-wasm';
import { none, SaladModel } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import { areaUnderRoc } from 'salad-ad/metrics';
import { fileSystem } from 'salad-ad/node';
import { figures } from 'salad-ad/report';
import { enableWasmTraining } from 'salad-ad/wasm';
import { syntheticFilms } from './support/synthetic-films.js';

enableWasmTraining();
await detectBackend(); // among those imported

// %% Images: normal ones to learn from; normal and abnormal ones to choose by and to test with.
const train = syntheticFilms({ count: 128, seed: 1 });
const validation = syntheticFilms({ count: 40, anomalies: 20, seed: 2 });
const test = syntheticFilms({ count: 40, anomalies: 20, seed: 3 });

// %% Train.
const model = SaladModel.create({
  backbone: { kind: 'convAutoencoder', inputShape: [16, 16, 1], embeddingSize: 32 },
  pretrainEpochs: 4,
  rounds: 3,
  epochsPerRound: 3,
  batchSize: 8,
  imageNormalization: none(), // these films differ in brightness, which local contrast would take away
  scoreNeighbors: 10,
  seed: 7,
});
const history = await model.fit(train, { validation });
await model.save(fileSystem('output/notebook')); // before anything else can fail

// %% Score. The threshold was fitted on the validation normals.
const { scores, abnormal = [], threshold } = await model.score(test);
const labels = Array.from(test.labels ?? []);
const caught = labels.filter((label, i) => label === 1 && abnormal[i]).length;
const alarms = labels.filter((label, i) => label === 0 && abnormal[i]).length;
console.log(`area under the ROC curve ${areaUnderRoc(scores, labels).toFixed(2)}`);
console.log(`flagged: ${caught} of 20 abnormal, ${alarms} of 20 normal`);

// %% Why: the training images that the most anomalous one is nearest to.
const most = scores.indexOf(Math.max(...scores));
const nearest = await model.nearest(test, { count: 3 });
const rows = nearest[most].map(
  ({ id, angle }) => `${id} at ${((180 * angle) / Math.PI).toFixed(0)} degrees`,
);
console.log(`${test.ids[most]}: nearest are ${rows.join(', ')}`);

// %% Plots, as SVG. In tslab: import { display } from 'tslab'; display.html(svg).
const histogram = await figures.scores({ scores, labels, threshold });
const curves = await figures.trainingHistory(history.epochs);
console.log(`plots: ${[histogram, curves].map((svg) => svg.slice(0, 4)).join(' ')}`);
