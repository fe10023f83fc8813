import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quickstartSections, root } from './paths.js';
import { slug } from './slug.js';

/** Sections of the README as the site shows them: what comes before the first heading of level 2, and the rest by anchor. */
export function readmeSections(): { readonly intro: string; readonly of: Map<string, string> } {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const [intro, ...rest] = text.split(/^(?=## )/m);
  const of = new Map(rest.map((section) => [slug(section.split('\n')[0].slice(3)), section]));
  return { intro, of };
}

/** The quickstart: sections of the README in the order in which a newcomer needs them. */
export function quickstartPage(): string {
  const { of } = readmeSections();
  const sections = quickstartSections.map((anchor) => {
    const section = of.get(anchor);
    if (!section) throw new Error(`docs: README.md has no section '#${anchor}'.`);
    return section;
  });
  return `# Quickstart\n\n${sections.join('\n')}`;
}

/** The front page: a few words and ways on, then the beginning of the README. */
export function homePage(): string {
  const { intro } = readmeSections();
  const [, lead] = intro.match(/^# salad-ad\n\n([\s\S]*?)\n\n/) ?? [];
  if (!lead) throw new Error('docs: README.md does not begin with a heading and a paragraph.');
  const rest = intro.slice(intro.indexOf(lead) + lead.length);
  return `---
layout: home
title: salad-ad
titleTemplate: anomaly detection on X-rays
hero:
  name: salad-ad
  text: Learns normal X-rays, scores the others
  tagline: In Node, in the page and on the command line. Films never leave the machine. Research software, not a medical device.
  actions:
    - { theme: brand, text: Quickstart, link: /quickstart }
    - { theme: alt, text: Live demo, link: /demo }
    - { theme: alt, text: 'When, and when not', link: /when }
features:
  - { title: Results in pictures, details: 'Five sets of films, beside raw pixels, brightness and texture. Where it wins, and where it does not.', link: /pictures }
  - { title: Thresholds with a promise, details: 'p-values, certificates and false discovery rates on normal films of your own; what they rest on, and where they break.', link: /calibration }
  - { title: Every part alone, details: 'Memory bank, losses, scheduler, score: with your own network, in your own loop, tested against the equations of the paper.', link: /memory-bank }
  - { title: Any runtime, details: 'A model is one ONNX file, from stored pixels to verdict: Python, Spark, a page.', link: /deployment }
---

<div class="vp-doc home-text">

${lead}
${rest}
</div>
`;
}
