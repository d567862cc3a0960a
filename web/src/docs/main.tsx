import { render } from 'preact';

import { LanguageProvider } from '../base/language';
import { Docs } from './docs';

const root = document.getElementById('root');
if (root) {
  render(
    <LanguageProvider>
      <Docs />
    </LanguageProvider>,
    root,
  );
}
