import { inWords } from '../support/in-words.js';
import type { Shortcut } from './shortcut.js';

/** An area under the ROC curve. */
const NEAR = 0.05;

/** The shortcuts that a detector of this area is not clearly above: those within .05 of it, and those above it. */
export function nearShortcuts(area: number, shortcuts: readonly Shortcut[]): readonly Shortcut[] {
  return shortcuts.filter(({ area: { estimate } }) => estimate >= area - NEAR);
}

/** 'brightness .738', turned so that it is at least .5. */
export function shortcutText({ attribute, area }: Shortcut): string {
  return `${inWords(attribute)} ${area.estimate.toFixed(3).replace(/^0/, '')}`;
}
