import { it } from 'vitest';
import { builtPage } from './built-page.js';
import { rowsOf, untilScored } from './dropped.js';
it('try', async () => {
  const built = await builtPage();
  const { page, complaints } = await built.open();
  await page.click('#try-sample');
  try { await untilScored(page, 8); } catch (e) { console.log(String(e).slice(0,200)); }
  console.log(await page.textContent('#status'), await page.textContent('#alert'), complaints);
  console.log(await rowsOf(page));
  await page.click('#rows tr:first-child button');
  await page.waitForSelector('#film[data-ready]', { timeout: 20000 }).catch((e) => console.log(String(e).slice(0, 200)));
  console.log(await page.textContent('#film-facts'), complaints);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.waitForTimeout(500);
  await page.screenshot({ path: '/tmp/s1.png', fullPage: true });
  await built.close();
}, 300000);
