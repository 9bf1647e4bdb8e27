/** Work for a moment in which the browser has nothing else to do; old Safaris do not tell. */
export const idle: (work: () => void) => number =
  globalThis.requestIdleCallback?.bind(globalThis) ??
  ((work) => setTimeout(work, 500) as unknown as number);

export const noIdle: (handle: number) => void =
  globalThis.cancelIdleCallback?.bind(globalThis) ?? clearTimeout;
