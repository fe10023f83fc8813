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
