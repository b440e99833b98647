/** The value below which a share of the samples lies (nearest rank); NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Median and 95th percentile, rounded to a hundredth. */
export function summarise(samples: readonly number[]): { median: number; p95: number } {
  const round = (value: number) => Math.round(value * 100) / 100;
  return { median: round(percentile(samples, 0.5)), p95: round(percentile(samples, 0.95)) };
}
