// A schema as a table of its fields; what a field is made of opens below it when it is asked for.
import { useContext, useState } from 'preact/hooks';
import { createContext } from 'preact';

import { useTexts } from '../base/language';
import { type Description, nameOf, resolve, type Schema } from './description';
import { Prose } from './prose';
import { texts } from './texts';

export const DescriptionContext = createContext<Description | null>(null);

/** "string", "integer[]", "NewPurchase", "A or B". */
function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(' | ');
  if (schema.allOf) return schema.allOf.map(typeOf).join(' & ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.items) return `${typeOf(schema.items)}[]`;
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? (schema.properties ? 'object' : 'any'));
  return schema.format === undefined ? type : `${type} (${schema.format})`;
}

/** The bounds that a value has beside its type. */
function boundsOf(schema: Schema): string[] {
  const bounds: string[] = [];
  if (schema.pattern !== undefined) bounds.push(schema.pattern);
  if (schema.minimum !== undefined) bounds.push(`≥ ${schema.minimum}`);
  if (schema.maximum !== undefined) bounds.push(`≤ ${schema.maximum}`);
  if (schema.minLength !== undefined || schema.maxLength !== undefined)
    bounds.push(`${schema.minLength ?? 0}…${schema.maxLength ?? ''}`);
  if (schema.default !== undefined) bounds.push(`= ${JSON.stringify(schema.default)}`);
  return bounds;
}

/** The schema that has fields behind arrays and references, or null. */
function inside(description: Description, schema: Schema): Schema | null {
  const at = resolve(description, schema);
  if (at.items) return inside(description, at.items);
  return at.properties || at.oneOf || at.allOf ? at : null;
}

function Field({ name, schema, required }: { name: string; schema: Schema; required: boolean }) {
  const description = useContext(DescriptionContext);
  const say = useTexts(texts);
  const [open, setOpen] = useState(false);
  if (!description) return null;
  const at = resolve(description, schema);
  const nested = inside(description, schema);
  return (
    <li class="schema-field">
      <div class="schema-line">
        <code class="schema-name">{name}</code>
        <span class="schema-type">{typeOf(schema)}</span>
        {required && <span class="schema-required">{say.required}</span>}
        {boundsOf(at).map((bound) => (
          <code key={bound} class="schema-bound">
            {bound}
          </code>
        ))}
        {nested && (
          <button type="button" class="docs-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? say.close : say.fields}
          </button>
        )}
      </div>
      <Prose text={schema.description ?? at.description} />
      {open && nested && <SchemaView schema={nested} />}
    </li>
  );
}

export function SchemaView({ schema }: { schema: Schema }) {
  const description = useContext(DescriptionContext);
  if (!description) return null;
  const at = resolve(description, schema);
  if (at.items) return <SchemaView schema={at.items} />;
  const parts = at.oneOf ?? at.allOf;
  if (parts)
    return (
      <div class="schema-parts">
        {parts.map((part, index) => (
          <div key={index}>
            <p class="schema-type">{typeOf(part)}</p>
            <SchemaView schema={part} />
          </div>
        ))}
      </div>
    );
  if (!at.properties) return <p class="schema-type">{typeOf(schema)}</p>;
  const required = new Set(at.required ?? []);
  return (
    <ul class="schema">
      {Object.entries(at.properties).map(([name, field]) => (
        <Field key={name} name={name} schema={field} required={required.has(name)} />
      ))}
    </ul>
  );
}
