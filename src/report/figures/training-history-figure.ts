import { check, checkObjects } from '../../support/check.js';
import type { HistoryRow } from '../content/report-input.js';
import { type Drawing, figureWidth, openDrawing, toSvg } from '../drawing/drawing.js';
import { palette } from '../drawing/palette.js';

const measures = [
  { key: 'loss', name: 'loss', stroke: 'currentColor' },
  { key: 'reconstruction', name: 'reconstruction', stroke: palette.series[1] },
  { key: 'latent', name: 'latent loss (nats)', stroke: palette.series[2] },
  { key: 'validationAuc', name: 'validation AUC', stroke: palette.series[0] },
] as const;

type Measure = (typeof measures)[number];

/**
 * Draws the loss, its terms and the validation AUC by epoch, with a rule where a round begins.
 *
 * Each has a panel and a scale of its own: a reconstruction error is hundreds of times below a
 * latent loss, and would lie flat beside it. A measure without a value has no panel.
 *
 * @param history one row an epoch, in order, as `model.history` has them.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, MISSING_PEER
 * @example
 * const svg = await figures.trainingHistory([{ epoch: 0, round: 0, loss: 2.1 }, { epoch: 1, round: 1, loss: 1.4 }]);
 */
export async function trainingHistoryFigure(history: readonly HistoryRow[]): Promise<string> {
  checkObjects('figures.trainingHistory', 'history', history, 'a row of model.history');
  const shown = measures.filter(({ key }) => history.some((row) => Number.isFinite(row[key])));
  check(
    shown.length > 0,
    'EMPTY_SET',
    () =>
      'figures.trainingHistory: history holds no value; expected at least one epoch with a loss.',
  );
  const drawing = await openDrawing('figures.trainingHistory');
  const panels = shown.map((measure, i) =>
    panel(drawing, history, measure, i === 0, i === shown.length - 1),
  );
  const text = {
    label: 'Training by epoch',
    description: `${shown.map(({ name }) => name).join(', ')} over ${history.length} epochs.`,
  };
  return toSvg(drawing, text, panels);
}

function panel(
  { Plot, document }: Drawing,
  history: readonly HistoryRow[],
  { key, name, stroke }: Measure,
  isFirst: boolean,
  isLast: boolean,
) {
  const measured = history.filter((row) => row[key] !== undefined);
  const rounds = history.filter((row, i) => i === 0 || row.round !== history[i - 1].round);
  const marginTop = isFirst ? 50 : 32;
  const marginBottom = isLast ? 44 : 8;
  const epochs = history.map((row) => row.epoch);
  return Plot.plot({
    document,
    width: figureWidth,
    height: marginTop + 96 + marginBottom,
    marginTop,
    marginBottom,
    marginLeft: 58,
    marginRight: 24,
    x: { domain: [Math.min(...epochs) - 0.5, Math.max(...epochs) + 0.5], axis: null },
    y: { grid: true, nice: true, ticks: 3 },
    marks: [
      Plot.axisY({ ticks: 3, label: null }),
      isLast
        ? Plot.axisX({
            interval: tickStep(history.length),
            tickFormat: 'd',
            label: 'epoch',
            labelAnchor: 'center',
            labelOffset: 36,
            labelArrow: 'none',
          })
        : null,
      Plot.ruleX(rounds.slice(1), {
        x: (row: HistoryRow) => row.epoch - 0.5,
        stroke: palette.muted,
        strokeOpacity: 0.6,
      }),
      ...(isFirst ? roundNumbers(Plot, rounds) : []),
      Plot.text([name], {
        frameAnchor: 'top-left',
        dx: -58,
        dy: isFirst ? -40 : -20,
        text: (label: string) => label,
        fontWeight: 600,
      }),
      Plot.line(measured, { x: 'epoch', y: key, stroke, strokeWidth: 2, ariaLabel: () => name }),
      history.length <= 40
        ? Plot.dot(measured, { x: 'epoch', y: key, fill: stroke, r: 2.5 })
        : null,
    ],
  });
}

/** The number of each round above its first epoch, and what the numbers are. */
function roundNumbers(Plot: Drawing['Plot'], rounds: readonly HistoryRow[]) {
  const style = { frameAnchor: 'top', dy: -18, fill: palette.muted } as const;
  return [
    Plot.text(rounds, {
      ...style,
      x: (row: HistoryRow) => row.epoch - 0.5,
      text: (row: HistoryRow) => String(row.round),
      textAnchor: 'start',
      dx: 3,
    }),
    Plot.text(['round'], {
      ...style,
      text: (word: string) => word,
      frameAnchor: 'top-left',
      textAnchor: 'end',
      dx: -8,
    }),
  ];
}

/** The whole number of epochs between ticks that keeps them to about eight. */
function tickStep(epochs: number): number {
  return [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => epochs / step <= 8) ?? 1000;
}
