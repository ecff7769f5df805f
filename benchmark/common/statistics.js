'use strict';

// Order statistics. Medians, since what disturbs a measurement only ever makes it slower, and by any amount.

/** The value below which a fraction q of the values lies, interpolated. */
function quantile(values, q) {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

function median(values) {
  return quantile(values, 0.5);
}

function summary(values) {
  return {
    median: median(values),
    q1: quantile(values, 0.25),
    q3: quantile(values, 0.75),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/**
 * How many times as fast a is as b, from the times that each took in the same rounds: the median of the ratios of each
 * round. What slows the machine for a while slows both, and leaves the ratio alone.
 */
function speedRatio(a, b) {
  return median(a.map((time, round) => b[round] / time));
}

/** The straight line through the points, by least squares: its slope, and the standard error of that. */
function slope(x, y) {
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  const sum = (term) => x.reduce((total, _, i) => total + term(x[i] - middleX, y[i] - middleY), 0);
  const spread = sum((dx) => dx * dx);
  const steepness = sum((dx, dy) => dx * dy) / spread;
  const rest = sum((dx, dy) => (dy - steepness * dx) ** 2);
  const error = x.length > 2 ? Math.sqrt(rest / (x.length - 2) / spread) : 0;
  return { slope: steepness, error };
}

module.exports = { median, quantile, slope, speedRatio, summary };
