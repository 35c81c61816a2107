/** Which texts are used: by language, with the page's own in place of ours, and with what is filled in. */

import { hasOwn } from '../../src/es2020.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import type { ProgressLabelChanges, ProgressLabels } from './labels.js';
import { pt } from './pt.js';

const languages: Readonly<Record<string, ProgressLabels>> = { de, en, es, fr, pt };

/** The language of the closest `lang`, through shadow roots too; the document's own is the last of them. */
export function languageOf(element: Element): string {
  let from: Element | undefined = element;
  while (from !== undefined) {
    const found: Element | null = from.closest('[lang]');
    if (found !== null) return found.getAttribute('lang') ?? '';
    const root: Node = from.getRootNode();
    from = root instanceof ShadowRoot ? root.host : undefined;
  }
  return document.documentElement.lang;
}

/** The texts for a language tag such as `pt-BR`, and the language they are in: English where there are none. */
export function labelsIn(tag: string): { readonly language: string; readonly labels: ProgressLabels } {
  const language = tag.toLowerCase().split('-')[0] ?? '';
  const labels = hasOwn(languages, language) ? languages[language] : undefined;
  return labels === undefined ? { language: 'en', labels: en } : { language, labels };
}

/** A copy of `labels` with the changes in it; a group that is changed keeps its other texts. */
export function changed(labels: ProgressLabels, changes: ProgressLabelChanges): ProgressLabels {
  return {
    ...labels,
    ...changes,
    steps: { ...labels.steps, ...changes.steps },
    statuses: { ...labels.statuses, ...changes.statuses },
    situations: { ...labels.situations, ...changes.situations },
  };
}

/** “Step {n} of {total}” with the values in it; a name without a value stays as it is. */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** A step's name for people; one that nobody has named is Link's own, made readable: `NEW_STEP` is “New step”. */
export function stepName(labels: ProgressLabels, viewName: string): string {
  if (hasOwn(labels.steps, viewName)) return labels.steps[viewName] ?? viewName;
  const words = viewName.replace(/_+/g, ' ').trim().toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
