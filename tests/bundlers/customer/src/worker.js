import { play } from './play.js';

onmessage = async ({ data }) => postMessage(await play(data));
