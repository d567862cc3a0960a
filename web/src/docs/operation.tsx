// One operation: what it is for, what it takes, what it answers, and examples that can be sent as they stand.
import type { ComponentChildren } from 'preact';
import { useContext, useState } from 'preact/hooks';

import { useTexts } from '../base/language';
import { curlCommand } from './curl';
import { type Json, type Operation, resolve, type Route, schemesOf } from './description';
import { Prose } from './prose';
import { DescriptionContext, SchemaView } from './schema';
import { texts } from './texts';

function Code({ label, text }: { label: string; text: string }) {
  const say = useTexts(texts);
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <figure class="docs-code">
      <figcaption>
        <span>{label}</span>
        <button type="button" class="docs-toggle" onClick={copy}>
          {copied ? say.copied : say.copy}
        </button>
      </figcaption>
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}

/** What is behind a summary is made when it is opened: a page of every operation would be slow otherwise. */
function Behind({ summary, children }: { summary: string; children: () => ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {open && children()}
    </details>
  );
}

interface Shown {
  name: string;
  label: string;
  body: Json | undefined;
  answer: Json | undefined;
}

/** The examples of an operation, each with its answer; one without a body when it takes none. */
function examplesOf(operation: Operation, answers: [string, { content?: Record<string, { example?: Json; examples?: Record<string, { value: Json }> }> }][]): Shown[] {
  const json = answers.flatMap(([, answer]) => (answer.content?.['application/json'] ? [answer.content['application/json']] : []));
  const bodies = operation.requestBody?.content['application/json']?.examples;
  if (!bodies) return [{ name: '', label: '', body: undefined, answer: json.find(({ example }) => example !== undefined)?.example }];
  return Object.entries(bodies).map(([name, { summary, value }]) => ({
    name,
    label: summary ?? name,
    body: value,
    answer: json.find(({ examples }) => examples?.[name] !== undefined)?.examples?.[name]?.value,
  }));
}

export function OperationView({ route }: { route: Route }) {
  const description = useContext(DescriptionContext);
  const say = useTexts(texts);
  const [chosen, choose] = useState(0);
  if (!description) return null;
  const { operation } = route;
  const schemes = schemesOf(description, operation);
  const parameters = (operation.parameters ?? []).map((each) => resolve(description, each));
  const answers = Object.entries(operation.responses).map(([status, each]) => [status, resolve(description, each)] as const);
  const examples = examplesOf(operation, answers.map(([status, each]) => [status, each]));
  const example = examples[chosen] ?? examples[0];
  const body = operation.requestBody?.content['application/json']?.schema;
  return (
    <article class="docs-operation" id={operation.operationId}>
      <h3>
        <a href={`#${operation.operationId}`}>{operation.summary ?? operation.operationId}</a>
      </h3>
      <p class="docs-route">
        <span class={`docs-method docs-method-${route.method.toLowerCase()}`}>{route.method}</span> <code>{route.path}</code>
      </p>
      <Prose text={operation.description} />
      <p class="docs-schemes">
        {say.authorization}: {schemes.length === 0 ? say.open : `${schemes.length > 1 ? `${say.oneOf} ` : ''}${schemes.join(', ')}`}
      </p>
      {parameters.length > 0 && (
        <Behind summary={`${say.parameters} (${parameters.length})`}>
          {() => <SchemaView
            schema={{
              properties: Object.fromEntries(
                parameters.map((each) => [each.name, { ...(each.schema ?? {}), description: `(${each.in}) ${each.description ?? ''}` }]),
              ),
              required: parameters.filter((each) => each.required).map((each) => each.name),
            }}
          />}
        </Behind>
      )}
      {body && <Behind summary={say.body}>{() => <SchemaView schema={body} />}</Behind>}
      <Behind summary={`${say.answers} (${answers.map(([status]) => status).join(', ')})`}>
        {() => answers.map(([status, answer]) => (
          <div key={status} class="docs-answer">
            <p>
              <code>{status}</code> <span lang="en">{answer.description}</span>
            </p>
            {answer.content?.['application/json']?.schema && <SchemaView schema={answer.content['application/json'].schema} />}
          </div>
        ))}
      </Behind>
      {example && (
        <div class="docs-example">
          {examples.length > 1 && (
            <div class="docs-choices" role="group" aria-label={say.example}>
              {examples.map((each, index) => (
                <button key={each.name} type="button" lang="en" aria-pressed={index === chosen} onClick={() => choose(index)}>
                  {each.label}
                </button>
              ))}
            </div>
          )}
          <Code label={say.example} text={curlCommand(description, location.origin, route, example.body)} />
          {example.answer !== undefined && <Code label={say.answer} text={JSON.stringify(example.answer, null, 2)} />}
        </div>
      )}
    </article>
  );
}
