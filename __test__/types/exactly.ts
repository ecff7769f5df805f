type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `exactly<Promise<number>>()(value)` compiles only if the type of `value` is that very type: not any, not a union. */
export declare function exactly<Expected>(): <Actual>(
  value: Actual,
  ...proof: Same<Actual, Expected> extends true ? [] : ['the types differ']
) => void;
