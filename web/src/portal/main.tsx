import { render } from 'preact';

import { LanguageProvider } from '../base/language';
import { Portal } from './portal';

const root = document.getElementById('root');
if (root) {
  render(
    <LanguageProvider>
      <Portal />
    </LanguageProvider>,
    root,
  );
}
