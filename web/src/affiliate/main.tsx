import { render } from 'preact';

import { LanguageProvider } from '../base/language';
import { AffiliatePage } from './affiliate';

const root = document.getElementById('root');
if (root) {
  render(
    <LanguageProvider>
      <AffiliatePage />
    </LanguageProvider>,
    root,
  );
}
