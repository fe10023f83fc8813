/** Values of options by the names that files of version 0.1.0 give them. */
const EARLIER: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.freeze({
  keep: { 'best-validation': 'bestValidation' },
});

/** JSON options that a file holds, those within them too, with the values that they have in this version. */
export function withCurrentValues<Options extends object>(options: Options): Options {
  const current = Object.entries(options).map(([name, value]) => {
    const isOptions = typeof value === 'object' && value !== null && !Array.isArray(value);
    const renamed = Object.hasOwn(EARLIER, name) ? EARLIER[name][value] : undefined;
    return [name, isOptions ? withCurrentValues(value) : (renamed ?? value)];
  });
  return Object.fromEntries(current) as Options;
}
