import { render } from 'preact';

import { LanguageProvider } from '../base/language';
import { Invitation } from './invite';

const root = document.getElementById('root');
if (root) {
  render(
    <LanguageProvider>
      <Invitation />
    </LanguageProvider>,
    root,
  );
}
