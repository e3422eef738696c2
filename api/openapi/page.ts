/** The description as a page: plain HTML that every browser shows, without a script. */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { oas31 } from 'zod-openapi';

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #888; --accent: #2a7de1; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { margin: 0; } h2 { margin: 2.5rem 0 0; } p { margin: .4rem 0; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0; padding: .5rem .8rem; }
summary { cursor: pointer; display: flex; gap: .7rem; flex-wrap: wrap; align-items: baseline; }
summary span { color: var(--soft); }
b.verb { color: var(--accent); font: 700 .8rem/1 ui-monospace, monospace; min-width: 2.6rem; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0 .8rem; font-size: .93rem; }
td, th { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; border: 0; } td:first-child { width: 15rem; }
.soft { color: var(--soft); } h3 { font-size: .95rem; margin: .8rem 0 0; }
`;

/** For the policy of the page: this style, and nothing else. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

type Schema = oas31.SchemaObject;
type Html = ReturnType<typeof html>;

/** Words between backquotes as code. */
const prose = (text = '') => text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));

export function renderPage(document: oas31.OpenAPIObject): Html {
  const resolve = (schema: Schema | oas31.ReferenceObject | undefined): Schema => {
    if (!schema || !('$ref' in schema) || schema.$ref === undefined) return (schema ?? {}) as Schema;
    return (document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}) as Schema;
  };

  function typeOf(given: Schema | oas31.ReferenceObject | undefined): string {
    const schema = resolve(given);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
    if (schema.type === 'array') return `list of ${typeOf(schema.items as Schema)}`;
    if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one as Schema)).join(' | ');
    if (schema.properties) return `{ ${Object.keys(schema.properties).join(', ')} }`;
    return String(schema.type ?? 'anything');
  }

  const row = (name: string, type: string, isNeeded: boolean, description?: string) => html`<tr>
      <td><code>${name}</code>${isNeeded ? '' : html` <span class="soft">optional</span>`}</td><td><code>${type}</code> ${prose(description)}</td>
    </tr>`;

  function fields(given: Schema | oas31.ReferenceObject | undefined): Html | string {
    const schema = resolve(given);
    const properties = Object.entries(schema.properties ?? {});
    if (properties.length === 0) return schema.description === undefined ? '' : html`<p>${prose(schema.description)}</p>`;
    return html`<table>${properties.map(([name, property]) =>
      row(name, typeOf(property as Schema), schema.required?.includes(name) ?? false, resolve(property as Schema).description),
    )}</table>`;
  }

  function parameters(operation: oas31.OperationObject): Html | string {
    const all = (operation.parameters ?? []) as oas31.ParameterObject[];
    if (all.length === 0) return '';
    return html`<h3>Address and headers</h3><table>${all.map((one) =>
      row(
        `${one.in === 'path' ? `{${one.name}}` : one.name}`,
        typeOf(one.schema as Schema),
        one.required ?? false,
        one.description ?? resolve(one.schema).description,
      ),
    )}</table>`;
  }

  function answers(operation: oas31.OperationObject): Html {
    return html`<h3>Answers</h3>${Object.entries(operation.responses ?? {}).map(([status, given]) => {
      const response = given as oas31.ResponseObject;
      const content = Object.values(response.content ?? {})[0];
      return html`<p><code>${status}</code> ${prose(response.description)}</p>${status.startsWith('2') ? fields(content?.schema as Schema) : ''}`;
    })}`;
  }

  function call(path: string, verb: string, operation: oas31.OperationObject): Html {
    const body = operation.requestBody as oas31.RequestBodyObject | undefined;
    const schema = Object.values(body?.content ?? {})[0]?.schema as Schema | undefined;
    return html`<details id="${verb}-${path}">
      <summary><b class="verb">${verb.toUpperCase()}</b><code>${path}</code><span>${operation.summary ?? ''}</span></summary>
      ${operation.description === undefined ? '' : html`<p>${prose(operation.description)}</p>`}
      ${parameters(operation)}${schema ? html`<h3>Body</h3>${fields(schema)}` : ''}${answers(operation)}
    </details>`;
  }

  const all = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((verb) => {
      const operation = item[verb];
      return operation ? [{ path, verb, operation }] : [];
    }),
  );
  const { title, version, description } = document.info;
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}: HTTP</title><style>${raw(style)}</style></head><body>
    <h1>${title} <span class="soft">${version}</span></h1><p>${prose(description)}</p>
    <p>For programs: <a href="/openapi.json">openapi.json</a>. Refusals are problem documents (RFC 9457):</p>
    ${fields(document.components?.schemas?.Problem as Schema)}
    ${(document.tags ?? []).map(
      (tag) => html`<h2>${tag.name}</h2><p class="soft">${tag.description ?? ''}</p>
      ${all.filter(({ operation }) => operation.tags?.includes(tag.name)).map(({ path, verb, operation }) => call(path, verb, operation))}`,
    )}
    </body></html>`;
}
