'use strict';

// Stars that attract each other, all of them all others. Plain functions of one star; both programs use them.

/** What keeps two stars that meet from being thrown out. */
const SOFT = 0.01;

/** Two discs that turn, and fall towards each other. The masses of all stars together are 1. */
function galaxies(stars, num) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < num; i++) {
    const side = i % 2 === 0 ? 1 : -1;
    const r = 0.05 + 0.6 * Math.sqrt(random());
    const angle = 2 * Math.PI * random();
    const speed = Math.sqrt((0.5 * r) / 0.65) * 0.9;
    stars.x[i] = side * 0.9 + r * Math.cos(angle);
    stars.y[i] = side * 0.35 + r * Math.sin(angle);
    stars.z[i] = 0.04 * (random() - 0.5);
    stars.vx[i] = -speed * Math.sin(angle) - side * 0.25;
    stars.vy[i] = speed * Math.cos(angle);
    stars.vz[i] = 0;
  }
}

/** A star is drawn by all others for a time `dt`: it changes its velocity. */
function kick(i, { x, y, z, vx, vy, vz, num, dt, soft }) {
  let ax = 0;
  let ay = 0;
  let az = 0;
  for (let j = 0; j < num; j++) {
    const dx = x[j] - x[i];
    const dy = y[j] - y[i];
    const dz = z[j] - z[i];
    const square = dx * dx + dy * dy + dz * dz + soft;
    const pull = 1 / (num * square * Math.sqrt(square));
    ax += pull * dx;
    ay += pull * dy;
    az += pull * dz;
  }
  vx[i] += dt * ax;
  vy[i] += dt * ay;
  vz[i] += dt * az;
}

/** A star goes on for a time `dt`. */
function drift(i, { x, y, z, vx, vy, vz, dt }) {
  x[i] += dt * vx[i];
  y[i] += dt * vy[i];
  z[i] += dt * vz[i];
}

/** The energy of a star, its part of the pairs included. The sum over all stars does not change. */
function energy(i, { x, y, z, vx, vy, vz, num, soft }) {
  let potential = 0;
  for (let j = 0; j < num; j++) {
    const square = (x[j] - x[i]) ** 2 + (y[j] - y[i]) ** 2 + (z[j] - z[i]) ** 2;
    if (j !== i) potential -= 1 / (num * Math.sqrt(square + soft));
  }
  return (vx[i] ** 2 + vy[i] ** 2 + vz[i] ** 2 + potential) / (2 * num);
}

module.exports = { SOFT, drift, energy, galaxies, kick };
