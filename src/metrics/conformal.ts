/** The functions of `conformal`: what scores of normal images promise of new ones that are like them. */

export { benjaminiHochberg } from './benjamini-hochberg.js';
export { conformalPValues as pValues, smallestPromise } from './conformal-p-values.js';
export { falseAlarmBound } from './false-alarm-bound.js';
