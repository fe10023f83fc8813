/** Where the built program and the files that come with it lie; chunks of it lie in a folder below. */
export const distFolder = (): URL => new URL(import.meta.url.replace(/\/dist\/.*$/, '/dist/'));
