// An example as a command for a shell, as somebody would type it with their own credentials in variables.
import { type Description, type Json, resolve, type Route, schemesOf } from './description';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What each scheme asks for, as an argument of curl. */
function credentials(description: Description, name: string): string {
  const scheme = description.components.securitySchemes[name];
  if (scheme?.in === 'cookie') return `-b "${scheme.name}=$SESSION"`;
  if (scheme?.scheme === 'basic') return '-u "$CLIENT_KEY:$SECRET_KEY"';
  if (scheme?.scheme === 'bearer') return '-H "Authorization: Bearer $TOKEN"';
  return name.endsWith('Jwt') ? '-H "Authorization: ServiceJWT $TOKEN"' : '-H "Authorization: $KEY"';
}

/** `body`: of the request, or undefined when it has none. */
export function curlCommand(description: Description, baseUrl: string, route: Route, body: Json | undefined): string {
  const query = new URLSearchParams();
  const headers: string[] = [];
  let path = route.path;
  for (const parameter of (route.operation.parameters ?? []).map((each) => resolve(description, each))) {
    const value = parameter.example === undefined ? '' : String(parameter.example);
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (parameter.in === 'query' && value !== '') query.set(parameter.name, value);
    else if (parameter.in === 'header' && parameter.required) headers.push(`-H ${quoted(`${parameter.name}: ${value}`)}`);
  }
  const target = `${baseUrl}${path}${query.size === 0 ? '' : `?${query}`}`;
  const [scheme] = schemesOf(description, route.operation);
  const parts = [`curl ${route.method === 'GET' || (route.method === 'POST' && body !== undefined) ? '' : `-X ${route.method} `}${quoted(target)}`];
  if (scheme !== undefined) parts.push(credentials(description, scheme));
  parts.push(...headers);
  if (body !== undefined) parts.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  return parts.join(' \\\n  ');
}
