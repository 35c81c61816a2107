'use client';

import { useEffect, useState } from 'react';
import { play } from '../play.js';

export function Verification({ linkSessionId }) {
  const [result, setResult] = useState(null);
  useEffect(() => {
    play(linkSessionId).then(setResult);
  }, [linkSessionId]);
  return (
    <>
      <p>{linkSessionId}</p>
      <output>{result === null ? null : JSON.stringify(result)}</output>
    </>
  );
}
