// The description of the API as a page: a list of what there is, and each operation with its examples.
import { useEffect, useMemo, useState } from 'preact/hooks';

import { read } from '../base/fetch';
import { LanguageSwitch, useTexts } from '../base/language';
import { Logo, Notice } from '../base/ui';
import { type Description, isFound, routesOf } from './description';
import { OperationView } from './operation';
import { Prose } from './prose';
import { DescriptionContext } from './schema';
import { texts } from './texts';

function Contents({ description, words }: { description: Description; words: string[] }) {
  const say = useTexts(texts);
  const groups = description.tags
    .map(({ name }) => ({ name, routes: routesOf(description, name).filter((route) => isFound(route, words)) }))
    .filter(({ routes }) => routes.length > 0);
  return (
    <nav class="docs-contents" aria-label={say.contents}>
      {groups.length === 0 && <p>{say.nothing}</p>}
      {groups.map(({ name, routes }) => (
        <details key={name} open={words.length > 0}>
          <summary lang="en">
            {name} <span class="docs-count">{routes.length}</span>
          </summary>
          <ul>
            {routes.map(({ method, operation }) => (
              <li key={operation.operationId}>
                <a href={`#${operation.operationId}`} lang="en">
                  <span class="docs-short">{method}</span> {operation.summary ?? operation.operationId}
                </a>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </nav>
  );
}

function Schemes({ description }: { description: Description }) {
  const say = useTexts(texts);
  return (
    <section>
      <h2>{say.authorization}</h2>
      <dl class="docs-scheme-list">
        {Object.entries(description.components.securitySchemes).map(([name, scheme]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <Prose text={scheme.description} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** A link into the page works only when what it names is there: after the description has come. */
function useTarget(loaded: boolean): void {
  useEffect(() => {
    if (loaded && location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }, [loaded]);
}

export function Docs() {
  const say = useTexts(texts);
  const [description, setDescription] = useState<Description | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const [query, setQuery] = useState('');
  const words = useMemo(() => query.toLowerCase().split(/\s+/).filter(Boolean), [query]);
  useEffect(() => {
    setFailed(false);
    read<Description>('/openapi.json').then(
      ({ value }) => (value ? setDescription(value) : setFailed(true)),
      () => setFailed(true),
    );
  }, [tries]);
  useTarget(description !== null);
  if (!description)
    return (
      <main class="page">
        <h1>{say.title}</h1>
        {failed ? (
          <Notice tone="bad">
            {say.failed}{' '}
            <button type="button" class="docs-toggle" onClick={() => setTries(tries + 1)}>
              {say.again}
            </button>
          </Notice>
        ) : (
          <p role="status">{say.loading}</p>
        )}
      </main>
    );
  const tags = description.tags
    .map((tag) => ({ ...tag, routes: routesOf(description, tag.name).filter((route) => isFound(route, words)) }))
    .filter(({ routes }) => routes.length > 0);
  return (
    <DescriptionContext.Provider value={description}>
      <div class="docs">
        <header class="page-header">
          <Logo />
          <LanguageSwitch />
        </header>
        <aside class="docs-aside">
          <input
            type="search"
            class="docs-search"
            name="query"
            value={query}
            placeholder={say.search}
            aria-label={say.search}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
          <Contents description={description} words={words} />
        </aside>
        <main class="docs-main">
          <h1>
            {description.info.title} {say.title} <span class="docs-count">{description.info.version}</span>
          </h1>
          {say.inEnglish !== '' && <p class="docs-language">{say.inEnglish}</p>}
          <p class="docs-raw">
            {say.raw}: <a href="/openapi.yaml">openapi.yaml</a>, <a href="/openapi.json">openapi.json</a>
          </p>
          {words.length === 0 && (
            <>
              <Prose text={description.info.description} />
              <Schemes description={description} />
            </>
          )}
          {tags.map(({ name, description: about, routes }) => (
            <section key={name}>
              <h2 lang="en" id={`tag-${name}`}>
                {name}
              </h2>
              <Prose text={about} />
              {routes.map((route) => (
                <OperationView key={route.operation.operationId} route={route} />
              ))}
            </section>
          ))}
        </main>
      </div>
    </DescriptionContext.Provider>
  );
}
