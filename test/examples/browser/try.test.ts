import { it } from 'vitest';
import { builtPage } from './built-page.js';
import { rowsOf, untilScored } from './dropped.js';

it('try', async () => {
  const built = await builtPage();
  const { page, complaints } = await built.open();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click('#try-sample');
  await untilScored(page, 8);
  await page.click('#rows tr:first-child button');
  await page
    .waitForSelector('#film[data-ready]', { timeout: 20000 })
    .catch((e) => console.log(String(e).slice(0, 200)));
  console.log(await page.textContent('#film-facts'), complaints);
  await page.waitForTimeout(500);
  await page.screenshot({ path: '/tmp/s1.png', fullPage: true });
  await page.evaluate(() => {
    const f = document.getElementById('film')!;
    f.scrollTop = 2000;
  });
  await page.screenshot({ path: '/tmp/s2.png', fullPage: true });
  await page.click('nav a[href="#training"]');
  await page.click('#train');
  await page.waitForTimeout(15000);
  await page.screenshot({ path: '/tmp/s3.png', fullPage: true });
  await page.waitForFunction(() => document.getElementById('train-stop')!.hidden, undefined, {
    timeout: 200000,
  });
  console.log(
    await page.textContent('#training-result'),
    await page.textContent('#alert'),
    complaints,
  );
  await page.screenshot({ path: '/tmp/s4.png', fullPage: true });
  await page.click('#use-trained');
  await page.waitForTimeout(3000);
  console.log(await page.textContent('#status'), await page.textContent('#alert'), complaints);
  console.log(await page.textContent('#offline'));
  await built.close();
}, 300000);
