// Drives Debian's Chromium over its own protocol through a pipe. Nothing is put between the browser and the page: an
// automation library would emulate focus and switch the back/forward cache off, which are two of the things tested here.
import { createMessenger, startProgram, until } from './protocol.mjs';

/** Debian's. */
const installed = '/usr/bin/chromium';
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-breakpad',
  '--password-store=basic',
  '--remote-debugging-pipe',
];

/** @param {{ profile: string, program?: string, more?: string[] }} options a folder that outlives the browser; another Chromium, and what it wants besides */
export async function launchChromium({ profile, program = installed, more = [] }) {
  let browser;

  async function start() {
    const running = startProgram(program, [...args, ...more, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    const [, , , input, output] = running.child.stdio;
    const messenger = createMessenger((text) => input.write(`${text}\0`));
    let rest = '';
    output.setEncoding('utf8').on('data', (chunk) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop();
      for (const message of messages) messenger.receive(message);
    });
    for (const stream of [input, output]) stream.on('error', () => undefined);
    running.child.on('exit', () => messenger.close('Chromium has ended.'));
    browser = { running, messenger, send: (method, params = {}, sessionId) => messenger.send({ method, params, sessionId }) };
    return browser.send('Browser.getVersion');
  }

  const { product } = await start();

  async function open(url) {
    const { send, messenger } = browser;
    // A window of its own: a tab behind another one is hidden, and its timers run once a second.
    const { targetId } = await send('Target.createTarget', { url: 'about:blank', newWindow: true });
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
    const page = (method, params) => send(method, params, sessionId);
    let hasCrashed = false;
    let isGone = false;
    messenger.listen((message) => {
      if (message.method === 'Target.detachedFromTarget' && message.params.sessionId === sessionId) isGone = true;
      if (message.sessionId === sessionId && message.method === 'Inspector.targetCrashed') hasCrashed = true;
    });
    await page('Page.enable');

    async function evaluate(expression) {
      const { result, exceptionDetails } = await page('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
        allowUnsafeEvalBlockedByCSP: true,
        userGesture: false,
      });
      if (exceptionDetails !== undefined) {
        throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
      }
      return result.value;
    }

    const tab = {
      evaluate,
      async navigate(to) {
        const { errorText } = await page('Page.navigate', { url: to });
        if (errorText !== undefined) throw new Error(`${to}: ${errorText}`);
      },
      back: () => evaluate('void history.back()'),
      forward: () => evaluate('void history.forward()'),
      async close() {
        await send('Target.closeTarget', { targetId });
        await until('the tab is gone', () => isGone);
      },
      async crash() {
        // It is never answered: the process that would answer is gone.
        page('Page.crash').catch(() => undefined);
        await until('the tab has crashed', () => hasCrashed);
      },
      async offline(isOffline) {
        await page('Network.enable');
        await page('Network.emulateNetworkConditions', {
          offline: isOffline,
          latency: 0,
          downloadThroughput: -1,
          uploadThroughput: -1,
        });
      },
      async frozen(isFrozen) {
        await page('Page.setWebLifecycleState', { state: isFrozen ? 'frozen' : 'active' });
      },
    };
    await tab.navigate(url);
    return tab;
  }

  return {
    name: 'Chromium',
    version: product.replace(/^[^/]*\//, ''),
    open,
    kill: () => browser.running.kill(),
    restart: start,
    close: () => browser.running.kill(),
  };
}
