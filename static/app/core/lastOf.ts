/** The last of a list: `at(-1)` for phones that have none yet (Chrome 90). */
export const lastOf = <T>(list: ArrayLike<T>): T | undefined => list[list.length - 1];
