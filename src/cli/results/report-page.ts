import type { DecisionThreshold, ImageSource, SaladModel, ScoreResult } from 'salad-ad';
import type { ImageRecord } from 'salad-ad/data';
import { library } from '../frame/library.js';
import { version } from '../frame/version.js';
import { mapMethod } from './map-picture.js';
import { writeWhole } from './write-whole.js';

/** What a page is made of. */
export interface PageContent {
  readonly title: string;
  readonly description?: string;
  readonly scores: ArrayLike<number>;
  /** 0 = normal, 1 = abnormal. */
  readonly labels: ArrayLike<number>;
  readonly threshold?: number | DecisionThreshold;
  readonly records?: readonly ImageRecord[];
  readonly problems?: readonly {
    readonly id: string;
    readonly code: string;
    readonly message: string;
  }[];
  /** For pictures and the history of training; absent: neither is on the page. */
  readonly model?: SaladModel;
  /** Images of the highest and lowest scores, and what they were learnt from. */
  readonly pictures?: {
    readonly result: ScoreResult;
    readonly images: ImageSource;
    readonly train?: ImageSource;
    readonly shown: number;
    readonly nameOf?: (id: string) => string;
  };
  readonly command: string;
}

/** Writes the report of scores as one HTML file. */
export async function writePage(path: string, content: PageContent): Promise<void> {
  const { renderReport, assessScores, subgroupResults } = library('salad-ad/report');
  const metrics = library('salad-ad/metrics');
  const { title, description, scores, labels, threshold, records, problems, model } = content;
  const value = typeof threshold === 'object' ? threshold.value : threshold;
  const { estimate, lower, upper } = metrics.bootstrapInterval(
    (drawn) => metrics.averagePrecision(metrics.pick(scores, drawn), metrics.pick(labels, drawn)),
    Array.from(labels),
    { replicates: 1000 },
  );
  const page = await renderReport({
    title,
    ...(description && { description }),
    results: [
      {
        name: 'this model',
        areaUnderRoc: metrics.delongInterval(scores, labels),
        averagePrecision: { estimate, lower, upper },
        distinctScores: metrics.distinctScores(scores),
      },
    ],
    resultsNote: '95% intervals: DeLong for AUC, bootstrap stratified by class for AUPRC.',
    ...assessScores({ scores, labels }, { threshold }),
    ...(records && {
      subgroups: subgroupResults({ scores, labels, records }, { threshold: value }),
    }),
    ...(model && {
      gallery: await galleryFor(model, content.pictures),
      mapsNote: mapsNote(model),
      history: model.history,
    }),
    ...(problems && problems.length > 0 && { problems }),
    facts: await factsOf(content),
  });
  await writeWhole(path, page);
}

async function galleryFor(model: SaladModel, pictures: PageContent['pictures']) {
  if (!pictures) return [];
  const { galleryOf } = library('salad-ad/explain');
  const { result, images, train, shown, nameOf } = pictures;
  return galleryOf(model, {
    result,
    images,
    train: train ?? images,
    shown,
    nearest: train ? 3 : 0,
    method: mapMethod(model),
    ...(nameOf && { nameOf }),
  });
}

const mapsNote = (model: SaladModel) =>
  `Right of each film: where its score comes from (${mapMethod(model) === 'gradient' ? 'by gradient, towards what the model would take for normal' : 'how far each cell is from those of normal films'}; clear, yellow, red). A map shows what made the score high, not where a disease is.`;

async function factsOf({ scores, labels, model, command }: PageContent) {
  const abnormal = Array.from(labels).filter((label) => label === 1).length;
  const images = {
    name: 'Scored images',
    value: `${scores.length - abnormal} normal, ${abnormal} abnormal`,
  };
  if (model) return [images, ...(await model.runFacts({ command }))];
  return [
    images,
    { name: 'Command', value: command, code: true },
    { name: 'Versions', value: `salad-ad ${await version()}, Node ${process.versions.node}` },
  ];
}
