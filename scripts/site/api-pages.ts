import { join } from 'node:path';
import { Application } from 'typedoc';
import { entries } from '../surface/entries.js';
import { pagesFolder, root } from './paths.js';

const apiFolder = join(pagesFolder, 'api');

/** Writes a page for every export, from its doc comment and types. */
export async function writeApiPages(): Promise<void> {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: entries.map(({ folder }) => join(root, 'src', folder, 'index.ts')),
    tsconfig: join(root, 'tsconfig.json'),
    // The types are checked by `npm run typecheck`.
    skipErrorChecking: true,
    basePath: join(root, 'src'),
    displayBasePath: join(root, 'src'),
    readme: 'none',
    name: 'API',
    // Without this TypeDoc empties docs, its default folder.
    outputs: [{ name: 'markdown', path: apiFolder }],
    disableSources: true,
    logLevel: 'Warn',
    validation: false,
    ...{
      entryFileName: 'index',
      hidePageHeader: true,
      parametersFormat: 'table',
      interfacePropertiesFormat: 'table',
      propertyMembersFormat: 'table',
      typeDeclarationFormat: 'table',
      useCodeBlocks: true,
      expandObjects: true,
      hideGroupHeadings: false,
    },
  });
  const project = await app.convert();
  if (!project) throw new Error('docs: TypeDoc could not read the entries.');
  for (const module of project.children ?? [])
    if (module.name === 'index') module.name = 'salad-ad';
    else module.name = module.name.replace(/\/index$/, '');
  await app.generateOutputs(project);
}
