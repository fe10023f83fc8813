const text = (value) =>
  JSON.stringify(value, (_, part) => {
    if (ArrayBuffer.isView(part)) return [...part];
    return typeof part === 'number' && !Number.isFinite(part) ? String(part) : part;
  });

/** Prints what a package did, and ends the script where that is not what was found. */
exports.seen = (what, got, found) => {
  console.log(`${what}: ${text(got)}`);
  if (text(got) === text(found)) return;
  console.error(`This has changed: ${what} was ${text(found)}.`);
  process.exit(1);
};

/** The message of what `work` throws, or 'nothing thrown'. */
exports.thrown = async (work) => {
  try {
    await work();
    return 'nothing thrown';
  } catch (error) {
    return error.message;
  }
};
