import { render } from 'preact';

import { LanguageProvider } from '../base/language';
import { Console } from './console';

const root = document.getElementById('root');
if (root) {
  render(
    <LanguageProvider>
      <Console />
    </LanguageProvider>,
    root,
  );
}
