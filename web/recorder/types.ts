/** What a recorder takes and gives. */

import type { Recording } from '../recording/format.js';

/** What `createRecorder` takes besides the trail. */
export interface RecorderOptions {
  /** At most so many entries; 2 or more. Default 2,000: about ten long sessions. */
  readonly entriesMax?: number | undefined;
  /** At most so many bytes of JSON; 1,024 or more. Default 524,288. */
  readonly bytesMax?: number | undefined;
}

/** What `createRecorder` returns. Nothing of it is kept on disk or sent anywhere. */
export interface Recorder {
  /** What was recorded so far; a new value at each call, JSON-serialisable. */
  recording(): Recording;
  /**
   * Has the browser save the recording as a file.
   *
   * @param filename default `linktrail-recording.json`
   * @throws TypeError outside a page
   */
  download(filename?: string): void;
  /** Calls `listener` with nothing after each new entry. Returns a function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Records no more; what was recorded can still be read. */
  stop(): void;
}
