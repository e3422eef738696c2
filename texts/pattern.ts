/** A shop's own text: one value in Fluent's syntax, with variables and plural forms and nothing else of it. */
import { FluentResource } from '@fluent/bundle';

type Pattern = NonNullable<FluentResource['body'][number]['value']>;

export interface CompiledText {
  readonly pattern: Pattern;
  readonly variables: ReadonlySet<string>;
}

/** Texts compiled before those long unused are forgotten. */
const compiledLimit = 2_000;
const compiled = new Map<string, CompiledText | undefined>();

/** @returns undefined when it is no such text */
export function compileText(text: string): CompiledText | undefined {
  const known = compiled.get(text);
  if (known || compiled.has(text)) return known;
  const made = compile(text);
  if (compiled.size >= compiledLimit) compiled.clear();
  compiled.set(text, made);
  return made;
}

/** A text over several lines stays one value: Fluent tells its lines by their indentation and by how they begin. */
function compile(text: string): CompiledText | undefined {
  let depth = 0;
  const indented = text.split('\n').map((line) => {
    const safe = depth === 0 ? line.replace(/^(\s*)([[*.}])/, '$1{"$2"}') : line;
    for (const sign of line) depth += sign === '{' ? 1 : sign === '}' ? -1 : 0;
    return `    ${safe}`;
  });
  const { body } = new FluentResource(`text =\n${indented.join('\n')}\n`);
  const [message, ...more] = body;
  if (!message?.value || more.length > 0) return undefined;
  const parts = partsOf(message.value);
  // Calls, and our other texts inside one, are nothing a shop has use for.
  if (parts.some(({ type }) => type === 'mesg' || type === 'term' || type === 'func')) return undefined;
  return { pattern: message.value, variables: new Set(parts.flatMap(({ type, name }) => (type === 'var' && name ? [name] : []))) };
}

interface Part {
  readonly type?: string;
  readonly name?: string;
}

/** Every part of a pattern, however deep. */
function partsOf(value: unknown): Part[] {
  if (Array.isArray(value)) return value.flatMap(partsOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Part, ...Object.values(value).flatMap(partsOf)];
}
