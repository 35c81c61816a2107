// Drives WebKitGTK's MiniBrowser through its WebDriver, inside a virtual display, which it needs.
import { createServer } from 'node:net';
import { CannotExpress, startProgram, until } from './protocol.mjs';

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export async function launchWebkit() {
  let browser;

  async function start() {
    const port = await freePort();
    const running = startProgram('xvfb-run', ['-a', '/usr/bin/WebKitWebDriver', `--port=${port}`, '--host=127.0.0.1'], {
      env: { WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
    });
    const command = async (method, path, body) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
      const { value } = await answer.json();
      if (!answer.ok) throw new Error(`${method} ${path.replace(/session\/[^/]+/, 'session')}: ${value.error}, ${value.message}`);
      return value;
    };
    await until('the driver answers', async () => {
      try {
        return await command('GET', '/status');
      } catch {
        return null;
      }
    });
    const { sessionId, capabilities } = await command('POST', '/session', { capabilities: { alwaysMatch: {} } });
    const session = (method, path, body) => command(method, `/session/${sessionId}${path}`, body);
    await session('POST', '/timeouts', { script: 25_000, pageLoad: 25_000, implicit: 0 });
    // The first window stays: the driver needs a current one, and the session ends with the last.
    const first = await session('GET', '/window');
    browser = { running, session, first, queue: Promise.resolve() };
    return capabilities;
  }

  const { browserVersion } = await start();

  async function open(url) {
    const { session, first } = browser;
    /** One window is the current one for the driver, so commands go one after the other. */
    const exclusively = (work) => {
      const done = browser.queue.then(work);
      browser.queue = done.catch(() => undefined);
      return done;
    };
    const { handle } = await exclusively(async () => {
      await session('POST', '/window', { handle: first });
      return session('POST', '/window/new', { type: 'tab' });
    });
    const inTab = (work) =>
      exclusively(async () => {
        await session('POST', '/window', { handle });
        return work();
      });

    async function evaluate(expression) {
      const text = await inTab(() =>
        session('POST', '/execute/async', {
          script: `const done = arguments[0];
            (async () => JSON.stringify({ value: await (${expression}) }))().then(done, (error) => done(JSON.stringify({ error: String(error) })));`,
          args: [],
        }),
      );
      const { value, error } = JSON.parse(text);
      if (error !== undefined) throw new Error(`${expression}: ${error}`);
      return value;
    }

    const tab = {
      evaluate,
      navigate: (to) => inTab(() => session('POST', '/url', { url: to })),
      back: () => inTab(() => session('POST', '/back', {})),
      forward: () => inTab(() => session('POST', '/forward', {})),
      close: () => inTab(() => session('DELETE', '/window')),
      async crash() {
        throw new CannotExpress("its driver ends the whole session when a page's process dies");
      },
      async offline() {
        throw new CannotExpress('no command in its WebDriver');
      },
      async frozen() {
        throw new CannotExpress('no command in its WebDriver');
      },
    };
    await tab.navigate(url);
    return tab;
  }

  const noProfile = async () => {
    throw new CannotExpress('under automation MiniBrowser keeps nothing on the disk, so there is no profile to come back to');
  };
  return {
    name: 'WebKit',
    version: browserVersion,
    open,
    kill: noProfile,
    restart: noProfile,
    close: () => browser.running.kill(),
  };
}
