'use strict';

// Options on a share whose price does a random walk. Plain functions; both programs use them.

/** What the price is multiplied by in a step, by how much on average and how much it varies. */
function steps({ rate, volatility, years, days }) {
  const dt = years / days;
  return { drift: (rate - volatility ** 2 / 2) * dt, spread: volatility * Math.sqrt(dt) };
}

/** A normal number from two uniform ones, by Box and Muller. */
const normal = (u, v) => Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);

/** The price of a European call by Black and Scholes. */
function blackScholes({ price, strike, rate, volatility, years }) {
  const spread = volatility * Math.sqrt(years);
  const d = Math.log(price / strike) / spread + (rate / spread) * years + spread / 2;
  return price * cumulative(d) - strike * Math.exp(-rate * years) * cumulative(d - spread);
}

/** The share of normal numbers that are below x: x + x^3 / 3 + x^5 / (3 * 5) + … times the density (Marsaglia). */
function cumulative(x) {
  let term = x;
  let sum = x;
  for (let k = 3; sum + term !== sum; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

module.exports = { blackScholes, normal, steps };
