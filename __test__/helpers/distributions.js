'use strict';

// Kinds of data, from a seed: the same seed gives the same elements again.

/** A stream of pseudo-random numbers (SplitMix, 32 bits). */
class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** 32 random bits. */
  word() {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** From 0 to, not including, 1: all 53 bits. */
  unit() {
    return (this.word() * 2 ** 21 + (this.word() >>> 11)) * 2 ** -53;
  }

  /** An integer from 0 to, not including, `end`. */
  below(end) {
    return Math.floor(this.unit() * end);
  }

  sign() {
    return this.word() & 1 ? 1 : -1;
  }

  bits() {
    return (BigInt(this.word()) << 32n) | BigInt(this.word());
  }

  gaussian() {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  shuffle(elements) {
    for (let i = elements.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const element = elements[i];
      elements[i] = elements[j];
      elements[j] = element;
    }
    return elements;
  }
}

const SPECIALS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0];

/** Doubles: (random, type) -> a function that makes one element. `type` is an entry of FLOATS in views.js. */
const DOUBLES = {
  uniform: (random) => () => random.unit(),
  gaussian: (random) => () => random.gaussian(),
  integers: (random) => () => random.below(2001) - 1000,
  cents: (random) => () => Math.round(random.unit() * 1e7) / 100,
  'any exponent': (random, { max, tiny }) => {
    const [lowest, highest] = [Math.log2(tiny), Math.log2(max)];
    return () => random.sign() * (1 + random.unit()) * 2 ** (lowest + random.unit() * (highest - 1 - lowest));
  },
  // The bits of the element, not of a double that is then rounded: infinities and NaNs come up by themselves.
  'random bits': (random, { View }) => {
    const element = new View(1);
    const words = new Uint16Array(element.buffer);
    return () => {
      for (let i = 0; i < words.length; i++) words[i] = random.word();
      return Number.isFinite(element[0]) ? element[0] : 1;
    };
  },
  subnormal:
    (random, { tiny }) =>
    () =>
      random.sign() * random.below(1000) * tiny,
  'near overflow':
    (random, { max }) =>
    () =>
      random.sign() * max * (1 - random.unit() / 4),
  'overflow on the way': (random, { max }) => {
    let count = 0;
    return () => (count++ & 0x20 ? -max : max) * (1 - random.unit() / 1024);
  },
  'one far larger':
    (random, { max }) =>
    () =>
      (random.below(3000) === 0 ? max / 3 : random.unit()) * random.sign(),
  'exponents that climb': (random, { max, tiny }) => {
    const [lowest, highest] = [Math.log2(tiny), Math.log2(max)];
    let exponent = lowest;
    return () => {
      exponent += (highest - lowest) / 20_000;
      if (exponent > highest - 1) exponent = lowest;
      return random.sign() * (1 + random.unit()) * 2 ** Math.floor(exponent);
    };
  },
  'halfway between two doubles': (random) => {
    const rest = [2 ** -53, -(2 ** -53), 2 ** -54, -(2 ** -54), 2 ** -105, -(2 ** -105), 0];
    return () =>
      (random.below(4) === 0 ? random.sign() : 1) * (random.word() & 1 ? rest[random.below(7)] : 1);
  },
  specials: (random) => () => (random.below(20_000) === 0 ? SPECIALS[random.below(5)] : random.gaussian()),
  zeros: (random) => () => (random.below(100_000) === 0 ? 0 : -0),
};

/** Integers: (random, type) -> a function that makes one element, a number or a BigInt as `type.min` is one. */
const WHOLE = {
  'any bits': (random, { min }) => (typeof min === 'bigint' ? () => random.bits() : () => random.word()),
  small: (random, { min }) => {
    const convert = typeof min === 'bigint' ? BigInt : Number;
    return () => convert(random.below(100)) - (min < 0 ? convert(50) : convert(0));
  },
  extremes:
    (random, { min, max }) =>
    () =>
      random.word() & 1 ? min : max,
  'all the smallest':
    (_random, { min }) =>
    () =>
      min,
  'all the largest':
    (_random, { max }) =>
    () =>
      max,
};

/** The names of the distributions that a type has. */
const namesFor = (type) => [...Object.keys('tiny' in type ? DOUBLES : WHOLE), 'cancelling'];

/**
 * Fills a view with elements of one distribution. 'cancelling' is pairs of x and -x of any exponent, shuffled, and one
 * element in five hundred that has no partner; integers, where there is no -x, have their complement.
 */
function fill(view, name, type, seed) {
  const random = new Random(seed);
  const float = 'tiny' in type;
  if (name !== 'cancelling') {
    const make = (float ? DOUBLES : WHOLE)[name](random, type);
    for (let i = 0; i < view.length; i++) view[i] = make();
    return view;
  }
  const make = float ? DOUBLES['any exponent'](random, type) : WHOLE['any bits'](random, type);
  for (let i = 0; i < view.length; i += 2) {
    view[i] = make();
    if (i + 1 < view.length) view[i + 1] = float ? -view[i] : ~view[i];
  }
  for (let i = 0; i < view.length; i += 500) view[i] = float ? random.gaussian() : make();
  return random.shuffle(view);
}

module.exports = { Random, fill, namesFor };
