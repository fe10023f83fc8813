import { type ImageNormalization, localContrast, none, SaladModel } from 'salad-ad';
import {
  fitLogisticRegression,
  meanIntensityScores,
  type PixelBlock,
  pixelBankScores,
  textureScores,
} from 'salad-ad/baselines';
import { type ImageSource, normalsOf } from 'salad-ad/data';
import { areaUnderRoc } from 'salad-ad/metrics';
import type { ChestXrays } from './data.js';
import { type Evaluation, evaluate } from './evaluate.js';
import { prepared } from './prepared.js';
import type { Quarters } from './quarters.js';

/** A scorer that learns nothing of normal anatomy, to be beaten. */
export interface Baseline extends Evaluation {
  readonly name: string;
}

const NORMALIZATIONS = { plain: none, localContrast } as const;

/** Neighbours that the bank baselines may choose from, on validation. */
const SCORE_NEIGHBORS = [1, 3, 10, 100];

/** Every baseline on the test images; what a baseline may choose, it chooses on validation. */
export async function scoreBaselines(
  { train, validation, test }: ChestXrays,
  { size, seed, quarters }: { size: number; seed: number; quarters: Quarters },
): Promise<Baseline[]> {
  const baseline = (name: string, scores: ArrayLike<number>): Baseline => ({
    name,
    ...evaluate(scores, test.labels, quarters),
  });
  const normals = normalsOf(train);
  const anomalies = train.length - normals.length;
  const baselines: Baseline[] = [];
  for (const [name, normalization] of Object.entries(NORMALIZATIONS)) {
    const prepare = (source: ImageSource) => prepared(source, size, normalization());
    const bank = await prepare(normals);
    const choices = (images: PixelBlock) =>
      pixelBankScores(bank, images, { scoreNeighbors: SCORE_NEIGHBORS }).flatMap((k) => [
        k.relative,
        k.angular,
      ]);
    const aucs = choices(await prepare(validation)).map((scores) =>
      areaUnderRoc(scores, validation.labels),
    );
    const best = aucs.indexOf(Math.max(...aucs));
    baselines.push(baseline(`raw pixels, ${name}`, choices(await prepare(test))[best]));
    baselines.push(
      baseline(
        `untrained encoder, ${name}`,
        await untrained(normals, test, normalization(), size, seed),
      ),
    );
  }
  const plain = await prepared(test, size, none());
  const texture = textureScores(plain);
  baselines.push(baseline('texture, local contrast', texture.localContrast));
  baselines.push(baseline('texture, Laplacian', texture.laplacian));
  baselines.push(baseline('texture, fine', texture.fineTexture));
  baselines.push(baseline('mean intensity', meanIntensityScores(plain)));
  if (anomalies > 0) {
    const classifier = fitLogisticRegression(await prepared(train, size, none()), train.labels);
    baselines.push(
      baseline(`logistic regression on the same ${anomalies} anomalies`, classifier.scores(plain)),
    );
  }
  return baselines;
}

/** The model's own score with the weights it starts from. */
async function untrained(
  normals: ImageSource,
  test: ImageSource,
  imageNormalization: ImageNormalization,
  size: number,
  seed: number,
): Promise<Float32Array> {
  const model = SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [size, size, 1] },
    imageNormalization,
    resize: { method: 'area', fit: 'stretch' },
    pretrainEpochs: 0,
    rounds: 0,
    seed,
  });
  await model.fit(normals);
  const { scores } = await model.score(test);
  model.dispose();
  return scores;
}
