/** An event as the text in which it crosses to the core. */

/**
 * `JSON.stringify` writes a lone surrogate as an escape, for which a strict reader refuses the whole text: U+FFFD takes its place. Browsers
 * before 2019 leave it as it is, and the boundary does the same to it.
 */
export function textOf(event: object): string {
  const text = JSON.stringify(event);
  if (!text.includes('\\ud')) return text;
  return text.replace(/\\(?:ud[89a-f]..|.)/g, (escape) => (escape.length > 2 ? '\\ufffd' : escape));
}
