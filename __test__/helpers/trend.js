'use strict';

/** The slope of the line that fits [x, y] best (least squares), and its standard error. */
function trend(points) {
  const mean = (index) => points.reduce((total, point) => total + point[index], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const square = points.reduce((total, point) => total + (point[0] - x) ** 2, 0);
  const slope = points.reduce((total, point) => total + (point[0] - x) * (point[1] - y), 0) / square;
  const rest = points.reduce((total, point) => total + (point[1] - y - slope * (point[0] - x)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (points.length - 2) / square) };
}

module.exports = { trend };
