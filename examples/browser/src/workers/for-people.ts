/** What an error of the library says, without the call that it names and its code, which are for whoever writes programs. */
export function forPeople(message: string): string {
  const text = message.replace(/^[\w.]+: /, '').replace(/ \[[A-Z_]+\]$/, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
