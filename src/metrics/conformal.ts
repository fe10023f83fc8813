/** The functions of `conformal`: what scores of normal images promise of new ones that are exchangeable with them. */

export { conformalPValues as pValues, smallestPromise } from './conformal-p-values.js';
