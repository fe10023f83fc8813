import { type ImageNormalization, localContrast, none, SaladModel } from 'salad-ad';
import {
  fitLogisticRegression,
  meanIntensityScores,
  type PixelBlock,
  pixelBankScores,
  textureScores,
} from 'salad-ad/baselines';
import { type ImageSource, imagePreparation, normalsOf } from 'salad-ad/data';
import { areaUnderRoc } from 'salad-ad/metrics';
import type { ChestXrays } from './data.js';
import { type Evaluation, evaluate } from './evaluate.js';

/** A scorer that learns nothing of normal anatomy, to be beaten. */
export interface Floor extends Evaluation {
  readonly name: string;
}

const NORMALIZATIONS = { plain: none, localContrast } as const;

/** Neighbours that the bank floors may choose from, on validation. */
const SCORE_NEIGHBORS = [1, 3, 10, 100];

/** Every floor on the test images; what a floor may choose, it chooses on validation. */
export async function scoreFloors(
  { train, validation, test }: ChestXrays,
  { size, seed }: { size: number; seed: number },
): Promise<Floor[]> {
  const floor = (name: string, scores: ArrayLike<number>): Floor => ({
    name,
    ...evaluate(scores, test.labels),
  });
  const normals = normalsOf(train);
  const anomalies = train.length - normals.length;
  const floors: Floor[] = [];
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
    floors.push(floor(`raw pixels, ${name}`, choices(await prepare(test))[best]));
    floors.push(
      floor(
        `untrained encoder, ${name}`,
        await untrained(normals, test, normalization(), size, seed),
      ),
    );
  }
  const plain = await prepared(test, size, none());
  const texture = textureScores(plain);
  floors.push(floor('texture, local contrast', texture.localContrast));
  floors.push(floor('texture, Laplacian', texture.laplacian));
  floors.push(floor('mean intensity', meanIntensityScores(plain)));
  if (anomalies > 0) {
    const classifier = fitLogisticRegression(await prepared(train, size, none()), train.labels);
    floors.push(
      floor(`logistic regression on the same ${anomalies} anomalies`, classifier.scores(plain)),
    );
  }
  return floors;
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

export async function prepared(
  source: ImageSource,
  size: number,
  imageNormalization: ImageNormalization,
): Promise<PixelBlock> {
  const everything = await source.read(Array.from({ length: source.length }, (_, i) => i));
  const inputShape = [size, size, 1] as const;
  const resize = { method: 'area', fit: 'stretch' } as const;
  const preparation = imagePreparation({ inputShape, resize, imageNormalization });
  const { images: values } = preparation.apply(everything);
  return { values, shape: [source.length, ...inputShape] };
}
