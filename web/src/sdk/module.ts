// The SDK as a module, from the server itself or from npm.
import { baseUrlOf } from './base_url';
import { configure } from './commerce';

export * from './commerce';
export { default } from './commerce';

const base = baseUrlOf(import.meta.url);
if (base) configure({ base_url: base });
