// The compiled cores, told what the native one was told: how many steps that were, and which were answered differently.
const utf8 = new TextDecoder();

async function compare(chunk, recorded) {
  const { startModule } = await import(`/dist/${chunk}.mjs`);
  const differing = [];
  let steps = 0;
  for (const { scenario, steps: told } of recorded) {
    const core = await startModule();
    for (const { event, wall_ms: wallMs, monotonic_ms: monotonicMs, entropy, effects, progress } of told) {
      const isSame = utf8.decode(core.handle(event, wallMs, monotonicMs, entropy)) === effects && utf8.decode(core.progress()) === progress;
      steps += 1;
      if (!isSame) differing.push(`${scenario}: ${event}`);
    }
  }
  return { steps, differing };
}

/** Of `/record.jsonl`, one scenario per line. */
export async function compareCores() {
  const recorded = (await (await fetch('/record.jsonl')).text()).split('\n').map((line) => JSON.parse(line));
  const answers = {};
  for (const chunk of ['core', 'link/core', 'core-js']) answers[chunk] = await compare(chunk, recorded);
  return answers;
}
