import { render } from 'preact';

import { LanguageProvider } from '../base/language';
import { Checkout } from './checkout';
import { Refused } from './refused';

const root = document.getElementById('root');
if (root) {
  render(
    <LanguageProvider>
      {location.pathname === '/checkout/refused' ? <Refused /> : <Checkout />}
    </LanguageProvider>,
    root,
  );
}
