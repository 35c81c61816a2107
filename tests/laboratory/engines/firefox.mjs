// Drives Debian's Firefox ESR over WebDriver BiDi, which Firefox speaks itself.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotExpress, createMessenger, startProgram, until } from './protocol.mjs';
import { openWebSocket } from './websocket.mjs';

const program = '/usr/bin/firefox-esr';

/** What keeps Firefox from talking to its makers and from asking a person; nothing that changes how a page runs. */
const preferences = {
  'remote.active-protocols': 1,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.sessionstore.resume_from_crash': false,
  'browser.aboutwelcome.enabled': false,
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'app.shield.optoutstudies.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.healthreport.uploadEnabled': false,
  'toolkit.telemetry.enabled': false,
  'toolkit.startup.max_resumed_crashes': -1,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,none',
  'browser.tabs.warnOnClose': false,
};

/** The process that runs a site's pages, as the kernel names it. */
const contentProcess = 'Isolated Web Co';

function processGroupMembers(group) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(fields[2]) === group ? [{ pid: Number(pid), name }] : [];
      } catch {
        return [];
      }
    });
}

/** @param {{ profile: string }} options a folder that outlives the browser */
export async function launchFirefox({ profile }) {
  let browser;
  let isOfflineKnown = true;

  async function start() {
    mkdirSync(profile, { recursive: true });
    for (const stale of ['WebDriverBiDiServer.json', 'lock', '.parentlock']) rmSync(join(profile, stale), { force: true });
    const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
    writeFileSync(join(profile, 'user.js'), lines.join(''));
    const running = startProgram(
      program,
      ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0', 'about:blank'],
      { env: { MOZ_CRASHREPORTER_DISABLE: '1', MOZ_DISABLE_AUTO_SAFE_MODE: '1' } },
    );
    const port = await until('Firefox listens', () => /WebDriver BiDi listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(running.output())?.[1]);
    const messenger = createMessenger((text) => socket.send(text));
    const socket = await openWebSocket(Number(port), '/session', {
      onText: (text) => messenger.receive(text),
      onClose: () => messenger.close('Firefox has ended.'),
    });
    const send = (method, params = {}) => messenger.send({ method, params });
    const { capabilities } = await send('session.new', { capabilities: {} });
    browser = { running, messenger, send };
    return capabilities;
  }

  const { browserVersion } = await start();

  async function open(url) {
    const { send } = browser;
    const { context } = await send('browsingContext.create', { type: 'tab' });

    async function evaluate(expression) {
      const { result, exceptionDetails } = await send('script.evaluate', {
        // Through JSON, so that only one kind of value comes back.
        expression: `(async () => JSON.stringify(await (${expression})))()`,
        target: { context },
        awaitPromise: true,
      });
      if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`);
      return result.type === 'string' ? JSON.parse(result.value) : undefined;
    }

    const tab = {
      evaluate,
      navigate: (to) => send('browsingContext.navigate', { context, url: to, wait: 'none' }),
      back: () => send('browsingContext.traverseHistory', { context, delta: -1 }),
      forward: () => send('browsingContext.traverseHistory', { context, delta: 1 }),
      close: () => send('browsingContext.close', { context }),
      /** The site's process is killed, as the kernel does when memory runs out. */
      async crash() {
        const found = () => processGroupMembers(browser.running.child.pid).filter(({ name }) => name === contentProcess);
        const victims = found();
        if (victims.length === 0) throw new Error('Firefox runs this page in no process of its own.');
        for (const { pid } of victims) process.kill(pid, 'SIGKILL');
        await until('the process is gone', () => victims.every(({ pid }) => found().every((other) => other.pid !== pid)));
      },
      async offline(isOffline) {
        if (!isOfflineKnown) throw new CannotExpress('no command in its WebDriver BiDi');
        try {
          await send('emulation.setNetworkConditions', {
            networkConditions: isOffline ? { type: 'offline' } : null,
            contexts: [context],
          });
        } catch (error) {
          isOfflineKnown = false;
          throw new CannotExpress(`no command for it in its WebDriver BiDi (${error.message})`);
        }
      },
      async frozen() {
        throw new CannotExpress('no command in WebDriver BiDi');
      },
    };
    await tab.navigate(url);
    return tab;
  }

  return {
    name: 'Firefox',
    version: browserVersion,
    open,
    kill: () => browser.running.kill(),
    restart: start,
    close: () => browser.running.kill(),
  };
}
