/** Stripe's form encoding: `line_items[0][price_data][currency]=eur` and `expand[]=a`. */

export type FormValue = string | FormValue[] | { [key: string]: FormValue };
type Node = Map<string, Node | string>;

/** Thrown for a key or a shape no Stripe client sends; `param` names it. */
export class FormError extends Error {
  readonly param: string;
  constructor(message: string, param: string) {
    super(message);
    this.param = param;
  }
}

const deepest = 8;

/** Decodes a form body or a query. Objects whose keys are `0, 1, 2, ...` become arrays. @throws FormError */
export function parseForm(text: string): { [key: string]: FormValue } {
  const root: Node = new Map();
  for (const [key, value] of new URLSearchParams(text)) insert(root, toPath(key), value, key);
  // Own properties whatever their name: `__proto__` is a name like any other here.
  return Object.fromEntries([...root].map(([key, node]) => [key, toValue(node)]));
}

function toPath(key: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key);
  if (!match?.[1]) throw new FormError(`Invalid parameter name: ${key}`, key);
  const path = [match[1], ...[...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map((each) => each[1] ?? '')];
  if (path.length > deepest) throw new FormError(`Parameter is nested too deeply: ${key}`, key);
  return path;
}

function insert(root: Node, path: string[], value: string, key: string): void {
  let node = root;
  for (const [depth, part] of path.entries()) {
    const name = part === '' ? String(node.size) : part;
    if (depth === path.length - 1) {
      node.set(name, value);
      return;
    }
    const next = node.get(name) ?? new Map();
    if (typeof next === 'string') throw new FormError(`Parameter is given twice in different shapes: ${key}`, key);
    node.set(name, next);
    node = next;
  }
}

function toValue(node: Node | string): FormValue {
  if (typeof node === 'string') return node;
  const keys = [...node.keys()];
  if (keys.length > 0 && keys.every((key, index) => key === String(index))) return [...node.values()].map(toValue);
  return Object.fromEntries([...node].map(([key, value]) => [key, toValue(value)]));
}
