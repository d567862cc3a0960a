// A browser for tests of the pages: Debian's Chromium in the build that has no window, which takes 60 % of the time. Every page
// that a test opens is watched: an error in its console, an uncaught exception or a breach of its content security policy fails
// the test.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import axe from 'axe-core';
import { chromium } from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const screenshots = path.join(root, 'build/screenshots');

/** As wide as a phone and as a desk; each language is asked for as a browser of that language does. */
export const sizes = [{ width: 390, height: 844 }, { width: 1280, height: 900 }];
export const languages = ['ko', 'en'];
const locales = { ko: 'ko-KR', en: 'en-US' };

/** Every size in every language. */
export const looks = sizes.flatMap((viewport) => languages.map((language) => ({ viewport, language })));

export const patienceMs = 20_000;

export class Browser {
  #browser;

  /** `args`: further ones of Chromium. */
  static async start({ args = [] } = {}) {
    const browser = new Browser();
    browser.#browser = await chromium.launch({
      executablePath: process.env.JANGBU_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...args],
    });
    return browser;
  }

  stop() {
    return this.#browser?.close();
  }

  /**
   * Runs `body` with a fresh page, as a customer with no history has it. `viewport` and `language`: of looks; `scheme`: light
   * or dark; `userAgent`: what the browser calls itself. Fails when the page complained about anything.
   */
  async withPage({ baseUrl, viewport = sizes[1], language = 'ko', scheme = 'light', userAgent }, body) {
    const context = await this.#browser.newContext({
      baseURL: baseUrl,
      viewport,
      locale: locales[language],
      colorScheme: scheme,
      timezoneId: 'America/New_York', // dates are Seoul's wherever the reader is
      reducedMotion: 'reduce',
      hasTouch: viewport.width < 500,
      ...(userAgent ? { userAgent } : {}),
    });
    context.setDefaultTimeout(patienceMs);
    try {
      const page = await context.newPage();
      const complaints = [];
      page.on('pageerror', (error) => complaints.push(error.stack ?? String(error)));
      page.on('console', (message) => {
        // An answer 4xx or 5xx is logged by the browser itself; whether it was right is for the test to say.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
      });
      await body(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }
}

/** Fails unless the page is accessible (WCAG 2.2 AA as far as a program can tell) and nothing runs out of its width. */
export async function assertGood(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), []);
  const [content, width] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
  assert.ok(content <= width, `the page is ${content} px wide on a screen of ${width} px`);
}

/** Keeps what the page looks like under build/screenshots, for people to look at. */
export async function keepScreenshot(page, name, { viewport, language }, suffix = '') {
  fs.mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: path.join(screenshots, `${name}-${viewport.width}-${language}${suffix}.png`), fullPage: true });
}

/** The element that has the focus: its role-bearing tag and what it is called. */
export function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    return { tag: element.tagName.toLowerCase(), name: element.getAttribute('name'), text: element.textContent.trim() };
  });
}

/** Presses Tab until the element that `locator` finds has the focus; fails when it cannot be reached so. */
export async function tabTo(page, locator, presses = 40) {
  for (let i = 0; i < presses; i++) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`${locator} cannot be reached with the Tab key`);
}
