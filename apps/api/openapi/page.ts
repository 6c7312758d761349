import type { JsonSchema } from '#application/validation/body-schema.js';
import { escapeHtml, fieldsOf, schemaText } from './schema-text.js';

/** Reads a member of a JSON value; an empty object when it is none. */
function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];
const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : json(value));

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function escape(value: unknown): string {
  return escapeHtml(text(value));
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0b6bcb; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); box-sizing: border-box; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; } nav li { margin: .1rem 0; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
main { padding: 1rem 2rem 4rem; max-width: 60rem; min-width: 0; }
section { border-top: 1px solid var(--line); padding: .5rem 0 1rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { background: var(--soft); padding: .6rem .8rem; overflow: auto; border-radius: .3rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); }
.method { font-weight: 700; } summary { cursor: pointer; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } main { padding: 1rem; } }`;

/** The OpenAPI document as a page to read: no script, nothing loaded from elsewhere. */
export function documentPage(document: JsonSchema): string {
  const operations = entries(document['paths']).flatMap(([path, methods]) =>
    entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const tags = items(document['tags']).map((tag) => text(member(tag, 'name')));
  const schemas = entries(member(document['components'], 'schemas'));
  const info = document['info'];
  const menu = tags.map((tag) => {
    const links = operations
      .filter(({ operation }) => items(member(operation, 'tags')).includes(tag))
      .map(({ operation }) => link(text(member(operation, 'operationId')), text(member(operation, 'summary'))));
    return `<b>${escape(tag)}</b><ul>${links.join('')}</ul>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(member(info, 'title'))} API</title><style>${STYLE}</style></head><body>
<nav aria-label="Operations">${menu.join('')}<b>Schemas</b><ul>${schemas.map(([name]) => link(`schema-${name}`, name)).join('')}</ul></nav>
<main><h1>${escape(member(info, 'title'))} API ${escape(member(info, 'version'))}</h1>
<p>${escape(member(info, 'description'))} The same as a document for programs: <a href="/openapi.json">openapi.json</a> (OpenAPI ${escape(document['openapi'])}).</p>
${operations.map(section).join('')}
<h2>Schemas</h2>${schemas.map(([name, schema]) => `<section id="schema-${escape(name)}"><h3>${escape(name)}</h3>${block(schema)}</section>`).join('')}
</main></body></html>`;
}

function link(id: string, label: string): string {
  return `<li><a href="#${escape(id)}">${escape(label)}</a></li>`;
}

/** The fields of an object as a table; anything else in words. */
function block(schema: unknown): string {
  const fields = fieldsOf(schema);
  if (fields === null) return `<p>${schemaText(schema)}</p>`;
  const rows = fields.map(({ name, kind, required }) => row(name, `${required ? '' : '<i>optional</i> '}${kind}`));
  return `<table>${rows.join('')}</table>`;
}

function section({ path, method, operation }: { path: string; method: string; operation: unknown }): string {
  const body = member(member(member(operation, 'requestBody'), 'content'), 'application/json');
  const parameters = items(member(operation, 'parameters'));
  const answers = entries(member(operation, 'responses')).map(([status, answer]) => {
    const content = entries(member(answer, 'content'));
    const kinds = content.map(([type, given]) => {
      return `${escape(type)}: ${schemaText(member(given, 'schema'))}`;
    });
    return row(status, escape(member(answer, 'description')), kinds.join(', '));
  });
  const examples = entries(member(body, 'examples')).map(([, example]) => {
    return `<p>${escape(member(example, 'summary'))}</p><pre>${escape(json(member(example, 'value')))}</pre>`;
  });
  return `<section id="${escape(member(operation, 'operationId'))}"><h3>${escape(member(operation, 'summary'))}</h3>
<p><code><span class="method">${method}</span> ${escape(path)}</code></p>
${parameters.length === 0 ? '' : `<details><summary>Parameters</summary><table>${parameters.map(parameter).join('')}</table></details>`}
${body === undefined ? '' : `<details open><summary>Body</summary>${block(member(body, 'schema'))}${examples.join('')}</details>`}
<details><summary>Answers</summary><table>${answers.join('')}</table></details></section>`;
}

function parameter(given: unknown): string {
  const schema = member(given, 'schema');
  const about = [member(given, 'required') === true ? 'Required.' : '', text(member(given, 'description'))].join(' ');
  return row(
    `${text(member(given, 'name'))} (${text(member(given, 'in'))})`,
    escape(about.trim()),
    `${schemaText(schema)}`,
  );
}

function row(first: string, ...cells: readonly string[]): string {
  return `<tr><th><code>${escape(first)}</code></th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
