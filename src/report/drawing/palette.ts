/** Colours of the figures on light and on dark paper; each is a custom property of a page. */
export const schemes = {
  light: {
    '--salad-normal': '#0072b2',
    '--salad-abnormal': '#d55e00',
    '--salad-muted': '#6b727b',
    '--salad-accent': '#5b3fa8',
    '--salad-series-2': '#00735a',
    '--salad-series-3': '#b0336b',
    '--salad-series-4': '#766200',
  },
  dark: {
    '--salad-normal': '#56b4e9',
    '--salad-abnormal': '#f0932b',
    '--salad-muted': '#9aa2ac',
    '--salad-accent': '#b39df0',
    '--salad-series-2': '#4cc5a2',
    '--salad-series-3': '#ec84b2',
    '--salad-series-4': '#d8c04a',
  },
} as const;

/** Paper and ink of a page, and of a figure that stands alone. */
export const pages = {
  light: { paper: '#fcfcfb', ink: '#1d2127' },
  dark: { paper: '#15181c', ink: '#e4e6e9' },
} as const;

/**
 * Colours of the figures: custom properties that a page may set for light and dark, each with a
 * fallback that reads on both, so a figure also stands alone (in a notebook, say).
 *
 * Blue and orange stay apart for every common form of colour blindness (Okabe and Ito).
 */
export const palette = {
  normal: 'var(--salad-normal, #2b83c6)',
  abnormal: 'var(--salad-abnormal, #dd6b10)',
  accent: 'var(--salad-accent, #7a5cc9)',
  muted: 'var(--salad-muted, #808080)',
  series: [
    'var(--salad-accent, #7a5cc9)',
    'var(--salad-series-2, #14866d)',
    'var(--salad-series-3, #c2487c)',
    'var(--salad-series-4, #8a7300)',
  ],
} as const;
