// The SDK as a classic script: <script src="https://pay.example/sdk/commerce.js" data-client-key="..."></script>
import { baseUrlOf } from './base_url';
import { type Commerce, configure, JangbuCommerce } from './commerce';

declare global {
  interface Window {
    BootpayCommerce?: Commerce;
    JangbuCommerce?: Commerce;
  }
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  const base = script.dataset['baseUrl'] ?? baseUrlOf(script.src);
  const clientKey = script.dataset['clientKey'];
  if (base) configure({ base_url: base });
  if (clientKey) configure({ client_key: clientKey });
}
window.BootpayCommerce = JangbuCommerce;
window.JangbuCommerce = JangbuCommerce;
