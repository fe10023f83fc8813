/** Values of options by the names that files of version 0.1.0 give them. */
const EARLIER: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.freeze({
  keep: { 'best-validation': 'bestValidation' },
});

/** Options that a file holds, with the values that they have in this version. */
export function withCurrentValues<Options extends object>(options: Options): Options {
  const renamed = Object.entries(options).map(([name, value]) => [
    name,
    Object.hasOwn(EARLIER, name) ? (EARLIER[name][String(value)] ?? value) : value,
  ]);
  return Object.fromEntries(renamed) as Options;
}
