import type { Page } from 'playwright-core';

/** A file as a test hands it to a page. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Drops files on the page, as a hand with a mouse does. */
export async function drop(page: Page, files: readonly GivenFile[]): Promise<void> {
  const given = files.map(({ name, bytes }) => ({
    name,
    text: Buffer.from(bytes).toString('base64'),
  }));
  const transfer = await page.evaluateHandle((all) => {
    const made = new DataTransfer();
    for (const { name, text } of all) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      made.items.add(new File([bytes], name));
    }
    return made;
  }, given);
  for (const event of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent('body', event, { dataTransfer: transfer });
}

/** Waits until no film waits. */
export async function untilScored(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (films) => document.getElementById('status')?.textContent?.startsWith(`${films} film`),
    count,
    { timeout: 240_000 },
  );
}

/** The rows of the table as texts: picture, name with its reason, score, p-value, verdict. */
export const rowsOf = (page: Page): Promise<string[][]> =>
  page.$$eval('#rows tr', (rows) =>
    rows.map((row) =>
      [...row.querySelectorAll('td')].map((cell) =>
        [...cell.childNodes]
          .filter((node) => !(node as HTMLElement).classList?.contains('phone'))
          .map((node) => node.textContent)
          .join(''),
      ),
    ),
  );
