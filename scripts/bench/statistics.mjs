// What many measurements of one thing come to. Runs in Node and in a page.
const sorted = (values) => [...values].sort((a, b) => a - b);

export const median = (values) => sorted(values)[values.length >> 1];
export const quantile = (values, q) => sorted(values)[Math.floor((values.length - 1) * q)];

/**
 * Medians of the means of ten neighbours: a page's clock has steps of 5 µs, which is what some events take.
 * @param {ArrayLike<number>} values milliseconds, one after the other
 */
export function medianOfTens(values, from = 0, to = values.length) {
  const means = [];
  for (let start = from; start + 10 <= to; start += 10) {
    let sum = 0;
    for (let index = start; index < start + 10; index++) sum += values[index];
    means.push(sum / 10);
  }
  return median(means);
}

/** Lets what waits happen: answers, microtasks, the browser. A timer would be held back to 4 ms in a page. */
export const turn = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
