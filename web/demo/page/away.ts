/** The page that stands for a closed tab: it does not load linktrail, and leads back after a while. */

const seconds = 6;
const line = document.getElementById('countdown');
let left = seconds;

function tick(): void {
  if (line !== null) line.textContent = `You come back by yourself in ${left} s.`;
  if (left === 0) location.replace('/');
  left -= 1;
}

tick();
setInterval(tick, 1_000);

export {};
