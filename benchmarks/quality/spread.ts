/** Mean and standard deviation. */
export function spread(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${mean.toFixed(3)} +- ${Math.sqrt(squares / Math.max(1, values.length - 1)).toFixed(3)}`;
}
