// What scripts ask of the page they run in. Nothing is looked up before it is asked for.

/**
 * The one element that a selector names. A page without it is broken, and this says where.
 * @param {string} selector
 * @param {ParentNode} [within]
 */
export function element(selector, within = document) {
  return elementOf(HTMLElement, selector, within);
}

/**
 * The one element of a kind that a selector names.
 * @template {Element} T
 * @param {new () => T} kind
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {T}
 */
export function elementOf(kind, selector, within = document) {
  const found = within.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`No ${kind.name} is ${selector} in ${location.pathname}`);
}

/**
 * The element that a selector names, if the page has it.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement | null}
 */
export function perhaps(selector, within = document) {
  return within.querySelector(selector);
}

/**
 * All elements that a selector names.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement[]}
 */
export function all(selector, within = document) {
  return [...within.querySelectorAll(selector)].filter((each) => each instanceof HTMLElement);
}

/**
 * All elements of a kind that a selector names.
 * @template {Element} T
 * @param {new () => T} kind
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {T[]}
 */
export function allOf(kind, selector, within = document) {
  return [...within.querySelectorAll(selector)].flatMap((each) => (each instanceof kind ? [each] : []));
}

/**
 * Where an event happened: an element, or nothing where it was the page itself.
 * @param {Event} event
 */
export function targetOf(event) {
  return event.target instanceof Element ? event.target : null;
}

/**
 * The data that the server wrote into the page. Whoever asks knows what it is.
 * @param {string} id
 * @returns {unknown}
 */
export function dataOf(id) {
  return JSON.parse(element(`#${CSS.escape(id)}`).textContent);
}

/**
 * A text with its gaps filled: `{name}` by the value of that name, whatever signs are in it.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (gap, name) => (Object.hasOwn(values, name) ? String(values[name]) : gap));
}

/** The path that the application stands below. */
export function root() {
  return document.body.dataset.root ?? '';
}

/**
 * The address of a page of ours that names no day yet, with the day and the scope looked at.
 * @param {string} address
 * @param {string[]} [kept] as the address of the page has them: on=2016-01-01, in=unit:U08
 */
export function carried(address, kept = [document.body.dataset.day ?? '', document.body.dataset.scope ?? '']) {
  const asked = kept.filter(Boolean).join('&');
  if (!asked) return address;
  const [before = '', ...anchor] = address.split('#');
  return [`${before}${before.includes('?') ? '&' : '?'}${asked}`, ...anchor].join('#');
}

/**
 * An address of the JSON interface that follows the day but no scope: it finds whoever is meant.
 * @param {string} address
 */
export function onDay(address) {
  return carried(address, [document.body.dataset.day ?? '']);
}

/**
 * Whether somebody types there, so that a key is a letter.
 * @param {Element | null} target
 */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

/**
 * Whether a question was given up for a later one: no failure.
 * @param {unknown} error
 */
export function isAborted(error) {
  return error instanceof Error && error.name === 'AbortError';
}
