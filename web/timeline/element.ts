/** The element itself: takes a recording in whatever way it comes, and has it shown or says why it cannot be. */

import type { Recorder } from '../recorder/types.js';
import type { Recording } from '../recording/format.js';
import { readRecording } from '../recording/read.js';
import style from './style.css';
import { createView, type View } from './view.js';

/** The element `<linktrail-timeline>`. It has no attributes. */
export interface LinkTrailTimelineElement extends HTMLElement {
  /** What is shown. Default null: nothing yet. */
  get recording(): Recording | null;
  /** Takes a recording or its JSON text; what is neither is told in the element and changes nothing. Never throws. */
  set recording(value: Recording | string | null);
  /** What it records is shown as it grows, for as long as it is set; null by default. */
  recorder: Recorder | null;
}

/** Drawn anew at most this often while a recorder goes on, in milliseconds. */
const redrawMs = 250;

/** What the element is at present; its properties are its only way in. */
interface Inside {
  recording: Recording | null;
  recorder: Recorder | null;
  stopFollowing(): void;
}

function take(view: View, inside: Inside, value: unknown): void {
  try {
    // Frameworks set undefined where a page no longer gives a property, or not yet.
    inside.recording = value == null ? null : readRecording(value);
    view.show(inside.recording);
  } catch (error) {
    view.complain(error instanceof Error ? error.message : String(error));
  }
}

function follow(view: View, inside: Inside, recorder: Recorder | null): void {
  inside.stopFollowing();
  inside.recorder = recorder;
  if (recorder === null) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = () => {
    timer = undefined;
    take(view, inside, recorder.recording());
  };
  const end = recorder.subscribe(() => (timer ??= setTimeout(show, redrawMs)));
  inside.stopFollowing = () => {
    end();
    clearTimeout(timer);
    inside.stopFollowing = () => undefined;
  };
  show();
}

/** Dropped or pasted: a file, or else text. */
function listen(host: HTMLElement, open: (file: File) => void, read: (text: string) => void): void {
  const takeFrom = (data: DataTransfer | null) => {
    const [file] = data?.files ?? [];
    if (file !== undefined) open(file);
    else read(data?.getData('text') ?? '');
  };
  for (const name of ['dragover', 'dragleave', 'drop'] as const) {
    host.addEventListener(name, (event) => {
      event.preventDefault();
      host.toggleAttribute('data-over', name === 'dragover');
      if (name === 'drop') takeFrom(event.dataTransfer);
    });
  }
  host.addEventListener('paste', (event) => takeFrom(event.clipboardData));
}

/** @internal Made when it is defined: a server has no `HTMLElement`. */
export function timelineClass(): CustomElementConstructor {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);

  return class extends HTMLElement implements LinkTrailTimelineElement {
    readonly #inside: Inside = { recording: null, recorder: null, stopFollowing: () => undefined };
    readonly #view: View;
    readonly #resized: ResizeObserver;

    constructor() {
      super();
      const open = (file: File) => {
        file.text().then(
          (text) => take(view, this.#inside, text),
          () => view.complain(`${file.name} cannot be read.`),
        );
      };
      const view = createView(open);
      this.#view = view;
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      root.append(...view.nodes);
      listen(this, open, (text) => take(view, this.#inside, text));
      this.#resized = new ResizeObserver(() => view.resize(this.clientWidth));
    }

    connectedCallback(): void {
      // Properties that were set before the element was defined hide the setters.
      for (const name of ['recording', 'recorder']) {
        const value: unknown = Object.getOwnPropertyDescriptor(this, name)?.value;
        if (value !== undefined && Reflect.deleteProperty(this, name)) Reflect.set(this, name, value);
      }
      this.#view.resize(this.clientWidth);
      this.#resized.observe(this);
      follow(this.#view, this.#inside, this.#inside.recorder);
    }

    disconnectedCallback(): void {
      this.#resized.disconnect();
      this.#inside.stopFollowing();
    }

    get recording(): Recording | null {
      return this.#inside.recording;
    }

    set recording(value: Recording | string | null) {
      take(this.#view, this.#inside, value);
    }

    get recorder(): Recorder | null {
      return this.#inside.recorder;
    }

    set recorder(recorder: Recorder | null) {
      follow(this.#view, this.#inside, recorder ?? null);
    }
  };
}
