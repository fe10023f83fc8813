import type { CalibrationOptions } from 'salad-ad';
import type { Given, Option } from '../frame/command.js';

/** How a threshold is chosen. */
export const calibrationOptions = {
  falseAlarms: {
    type: 'number',
    value: 'SHARE',
    min: 0,
    max: 1,
    help: 'share of new normal images that may be flagged; default 0.05',
  },
  sensitivity: {
    type: 'number',
    value: 'SHARE',
    min: 0,
    max: 1,
    help: 'instead: share of abnormal images to be flagged; needs images of both classes',
  },
  threshold: { type: 'number', value: 'SCORE', help: 'instead: a threshold of your own' },
  trimBeyond: {
    type: 'number',
    value: 'X',
    min: 1,
    help: 'leave out normals that score X robust deviations above the median; no rate is promised then',
  },
} as const satisfies Readonly<Record<string, Option>>;

/** As the library takes it; undefined where nothing is given. */
export function calibrationOf({
  falseAlarms,
  sensitivity,
  threshold,
  trimBeyond,
}: Given<typeof calibrationOptions>): Omit<CalibrationOptions, 'onWarning'> | undefined {
  const options = {
    ...(falseAlarms !== undefined && { quantile: 1 - falseAlarms }),
    ...(sensitivity !== undefined && { sensitivity }),
    ...(threshold !== undefined && { threshold }),
    ...(trimBeyond !== undefined && { trimBeyond }),
  };
  return Object.keys(options).length > 0 ? options : undefined;
}
