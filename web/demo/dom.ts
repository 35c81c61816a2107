/** Finding elements, and making them without markup in strings, so that nothing from outside can become markup. */

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** An element that the page's markup has. */
export function byId<Found extends HTMLElement = HTMLElement>(id: string): Found {
  const found = document.querySelector<Found>(`#${id}`);
  if (found === null) throw new Error(`The page has no element ${id}.`);
  return found;
}

/** A line drawing, hidden from assistive technology: the words beside it say the same. */
export function drawing(size: number, className: string, paths: readonly string[]): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', className);
  for (const d of paths) {
    const path = document.createElementNS(space, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
