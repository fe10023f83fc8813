/** Nothing for a file that is not there; any other trouble with it is told. */
export function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
