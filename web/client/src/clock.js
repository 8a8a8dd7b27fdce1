// The clocks of the device. Must not know what is timed.

const DELAY_MS_MAX = 2 ** 31 - 1;

/** @type {import("./index.d.ts").Clock} */
export const deviceClock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, Math.min(milliseconds, DELAY_MS_MAX));
    return () => clearTimeout(timer);
  },
};
