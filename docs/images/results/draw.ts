import { standaloneSvg } from 'salad-ad/report';
import { openDrawing, toSvg } from '../../../src/report/drawing/drawing.js';
import { type IntervalRow, intervalRows } from '../../../src/report/drawing/interval-rows.js';
import { falseAlarms } from './false-alarms.js';
import { elsewhere, type Row, rowsOf, spreadOf } from './numbers.js';

/** Sets by the names of docs/results.md. */
export const names: Readonly<Record<string, string>> = {
  'cxr-pneumonia-128': 'paediatric chest',
  'cxr-pneumonia': 'paediatric chest',
  pneumoniamnist: 'PneumoniaMNIST',
  'nih-cxr': 'NIH, within views',
  knee: 'knees',
  nih64: 'other NIH films',
};

/** The pictures by file name, without ending. */
export async function drawResults(): Promise<Record<string, string>> {
  const drawing = await openDrawing('results');
  const figure = (label: string, description: string, rows: IntervalRow[]) =>
    standaloneSvg(toSvg(drawing, { label, description }, [intervalRows(drawing, rows)]));
  return {
    'results-sets': figure(
      'Five sets of films, no label',
      'Test AUC of SALAD, the frozen encoder and baselines on five sets of films.',
      fiveSets(),
    ),
    'results-labels': figure(
      'What labels buy',
      'Test AUC with and without 5% known anomalies, on four sets of films.',
      whatLabelsBuy(),
    ),
    'results-elsewhere': figure(
      'Ranking at another hospital',
      'Test AUC of a model that learnt from one set, on films of that set and of others.',
      ranking(),
    ),
    'results-false-alarms': standaloneSvg(
      toSvg(
        drawing,
        {
          label: 'False alarms at another hospital',
          description: 'Share of normal films flagged at thresholds that promise 5%.',
        },
        [falseAlarms(drawing, elsewhere(), names)],
      ),
    ),
  };
}

const labelFree = (rows: readonly Row[], dataSet: string, detector: string, ratio: number) =>
  rows.find(
    (one) =>
      one.dataSet === dataSet &&
      one.detector === detector &&
      one.anomalies.ratio === ratio &&
      one.scoreMethod === 'score' &&
      one.choice === 'labelFree',
  );

/** The columns of the README's table. */
function fiveSets(): IntervalRow[] {
  const rows = rowsOf('cells/tier-cells.json');
  const texture = ['texture (local contrast)', 'texture (Laplacian)', 'texture (fine)'];
  const sets = ['cxr-pneumonia-128', 'pneumoniamnist', 'nih-cxr', 'knee', 'nih64'];
  return sets.flatMap((set): IntervalRow[] => {
    const area = (detector: string, turned = false) => {
      const row = labelFree(rows, set, detector, 0)!;
      return spreadOf(row.withinViews ?? row.areaUnderRoc, turned);
    };
    // Of the three, the one that tells most over all films.
    const overall = (one: string) =>
      spreadOf(labelFree(rows, set, one, 0)!.areaUnderRoc, true).estimate;
    const [smooth] = [...texture].sort((a, b) => overall(b) - overall(a));
    return [
      { name: names[set], heading: true },
      { name: 'SALAD', area: area('SALAD'), standard: true },
      { name: 'frozen encoder', area: area('frozen encoder'), standard: true },
      { name: 'MemDAE', area: area('MemDAE / MSE only') },
      { name: 'raw pixels', area: area('pixels (localContrast)') },
      { name: 'brightness', area: area('mean intensity', true) },
      { name: 'texture', area: area(smooth, true) },
    ];
  });
}

/** SALAD's vector without and with known anomalies, beside classifiers that need them. */
function whatLabelsBuy(): IntervalRow[] {
  const rows = [...rowsOf('tier-1.json'), ...rowsOf('tier-2.json')];
  const shown = [
    ['SALAD', 0, 'SALAD, none'],
    ['SALAD', 0.05, 'SALAD, 5%'],
    ['Deep SAD', 0.05, 'Deep SAD, 5%'],
    ['ResNet-18 (supervised)', 0.05, 'ResNet-18, 5%'],
    ['logistic regression on pixels', 0.05, 'logistic, 5%'],
  ] as const;
  return ['cxr-pneumonia', 'pneumoniamnist', 'nih-cxr', 'knee'].flatMap((set): IntervalRow[] => [
    { name: names[set], heading: true },
    ...shown.flatMap(([detector, ratio, name]) => {
      const row = labelFree(rows, set, detector, ratio);
      if (!row) return [];
      const area = spreadOf(row.withinViews ?? row.areaUnderRoc);
      return [{ name, area, standard: detector === 'SALAD' }];
    }),
  ]);
}

function ranking(): IntervalRow[] {
  const all = elsewhere();
  return [...new Set(all.map(({ learntFrom }) => learntFrom))].flatMap((set): IntervalRow[] => [
    { name: plain(set), heading: true },
    ...all
      .filter(({ learntFrom }) => learntFrom === set)
      .map(({ judged, area }) => ({
        name: judged === set ? 'the same' : plain(judged),
        area,
        standard: judged === set,
      })),
  ]);
}

/** Without the way of measuring, which differs here. */
const plain = (set: string): string => names[set].replace(', within views', ' chest');
