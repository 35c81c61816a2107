import { play } from './play.js';

const { searchParams } = new URL(location.href);
const linkSessionId = searchParams.get('session');
const show = (result) => {
  document.querySelector('output').textContent = JSON.stringify(result);
};

if (searchParams.has('worker')) {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => show(data);
  worker.postMessage(linkSessionId);
} else {
  play(linkSessionId).then(show);
}
