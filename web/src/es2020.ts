/** What later JavaScript has built in: the entries run in browsers that have ES2020 and no more. */

/** `Object.hasOwn`. */
export const hasOwn = (object: object, name: PropertyKey): boolean => Object.prototype.hasOwnProperty.call(object, name);

/** `list.at(-1)`. */
export const lastOf = <Item>(list: readonly Item[]): Item | undefined => list[list.length - 1];
