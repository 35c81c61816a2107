/** The demo in React: a whole verification with linktrail's hook, driver and element. */

import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { LinkTrail } from 'linktrail';
import { createLinkDriver } from 'linktrail/link';
import type { LinkDriver, LinkSnapshot } from 'linktrail/link';
import { defineLinkTrailProgress } from 'linktrail/progress';
import { useLinkTrail } from 'linktrail/react';
import * as backend from '../page/backend.ts';
import { onward, plain } from '../page/choices.ts';
import type { Choice } from '../page/choices.ts';
import { failures, interruptedLabels, offered, reportSaid, verdictOf } from '../page/words.ts';

/** Link for this trail; `open` begins the session that was chosen, and without a choice goes on with the one there is. */
function useLink(trail: LinkTrail | null) {
  const [driver, setDriver] = useState<LinkDriver | null>(null);
  const [{ state, interrupted }, show] = useState<LinkSnapshot>({ state: 'idle', interrupted: null });
  const [next] = useState<{ chosen: Choice | null }>({ chosen: null });

  useEffect(() => {
    if (trail === null) return;
    // A choice is for one token: when Link refuses it, the driver asks again, and the session goes on.
    const fetchLinkToken = () => {
      const { chosen } = next;
      next.chosen = null;
      return backend.linkToken(chosen?.plays ?? onward.plays, chosen === null);
    };
    const created = createLinkDriver({ trail, fetchLinkToken });
    created.subscribe(show);
    setDriver(created);
    return () => created.dispose();
  }, [trail, next]);

  async function open(chosen: Choice | null) {
    if (driver?.state !== 'idle') return null;
    next.chosen = chosen;
    return driver.open();
  }
  return { state, interrupted, open };
}

function Verification({ userId, mode }: { userId: string; mode: string }) {
  const { trail, progress } = useLinkTrail({ endpoint: '/api/idv', headers: backend.headers, owner: userId });
  const { state, interrupted, open } = useLink(trail);
  const [choice, choose] = useState(plain[0] ?? onward);
  const [failure, setFailure] = useState<string | null>(null);

  async function verify(chosen: Choice | null) {
    setFailure(null);
    const result = await open(chosen);
    if (result?.kind === 'failed') setFailure(failures[result.failure]);
  }

  const isLeft = state === 'idle' && interrupted !== null;
  const offer = state === 'idle' ? offered(isLeft ? 'continue' : progress.advice) : null;
  const [report, verdict] = [reportSaid(progress.delivery), verdictOf(progress)];
  return (
    <>
      <section className="intro">
        <h1>A verification in React</h1>
        <p className="lead">The hook follows it, the driver opens Link, and the element tells the person how it goes.</p>
        {mode === 'stand-in' && (
          <label>
            How the session goes{' '}
            <select value={choice.name} onChange={({ target }) => choose(plain[target.selectedIndex] ?? onward)}>
              {plain.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        )}
        <button className="button" onClick={() => void verify(choice)}>
          Verify your identity
        </button>
      </section>
      <section className="live">
        <p className="banner" role="status" hidden={failure === null}>
          {failure}
        </p>
        <linktrail-progress trail={trail} steps={isLeft || mode === 'sandbox' ? '' : choice.steps} labels={isLeft ? interruptedLabels : null}>
          {offer !== null && (
            <button className="button" onClick={() => void verify(null)}>
              {offer}
            </button>
          )}
        </linktrail-progress>
        <dl className="facts">
          <div data-tone={report[1]}>
            <dt>The report</dt>
            <dd><strong>{report[0]}</strong></dd>
          </div>
          <div data-tone={verdict[1]}>
            <dt>Your backend says</dt>
            <dd><strong>{verdict[0]}</strong></dd>
          </div>
        </dl>
      </section>
    </>
  );
}

defineLinkTrailProgress();
const root = createRoot(document.getElementById('app') ?? document.body);
backend.session().then(
  (session) => root.render(<StrictMode children={<Verification {...session} />} />),
  (error: unknown) => root.render(<p role="alert">The demo could not start: {String(error)}</p>),
);
