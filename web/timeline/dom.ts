/** Makes elements without markup: no policy for Trusted Types or styles has anything to refuse. */

type Child = Node | string;

/** @param attributes by name; those that are undefined are left out */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** `replaceChildren`, which browsers of 2020 lack. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.textContent = '';
  element.append(...children);
}

/** Through the style's own interface, which `style-src` does not govern. Each is a part of the whole width. */
export function place<Placed extends HTMLElement>(element: Placed, x: number, width = 0): Placed {
  element.style.setProperty('--lt-x', String(x));
  element.style.setProperty('--lt-w', String(width));
  return element;
}
