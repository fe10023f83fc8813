/** A request that gets no score; what is said here goes to the client, and only the code into logs and metrics. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
