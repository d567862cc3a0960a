// The parts of an OpenAPI description that the page shows, and how its references are followed. The description is this
// server's own (api/openapi.yaml), so that its form is taken for granted.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: Json[];
  const?: Json;
  default?: Json;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  allOf?: Schema[];
  additionalProperties?: boolean | Schema;
}

export interface Example {
  summary?: string;
  value: Json;
}

export interface Content {
  schema?: Schema;
  example?: Json;
  examples?: Record<string, Example>;
}

export interface Parameter {
  $ref?: string;
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  description?: string;
  schema?: Schema;
  example?: Json;
}

export interface Answer {
  $ref?: string;
  description?: string;
  content?: Record<string, Content>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Content> };
  responses: Record<string, Answer>;
  security?: Record<string, string[]>[];
}

export interface Scheme {
  type: string;
  scheme?: string;
  in?: string;
  name?: string;
  description?: string;
}

export interface Description {
  info: { title: string; version: string; summary?: string; description?: string };
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  security?: Record<string, string[]>[];
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, Scheme> };
}

export interface Route {
  method: string;
  path: string;
  operation: Operation;
}

/** The operations of a tag, in the order of the file. */
export function routesOf(description: Description, tag: string): Route[] {
  return Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.tags[0] === tag)
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** What stands behind "#/components/schemas/Name". */
export function resolve<T extends { $ref?: string }>(description: Description, object: T): T {
  let at: T = object;
  for (let depth = 0; at.$ref !== undefined && depth < 8; ++depth) {
    const steps = at.$ref.slice(2).split('/');
    at = steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], description) as T;
  }
  return at;
}

/** "NewPurchase" of "#/components/schemas/NewPurchase". */
export const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** The names of the schemes, one of which a request needs; empty when it needs none. */
export function schemesOf(description: Description, operation: Operation): string[] {
  return (operation.security ?? description.security ?? []).flatMap((each) => Object.keys(each));
}

/** Whether all words stand in what an operation says of itself. */
export function isFound(route: Route, words: string[]): boolean {
  const { operation } = route;
  const text = `${route.method} ${route.path} ${operation.operationId} ${operation.summary ?? ''} ${operation.description ?? ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
