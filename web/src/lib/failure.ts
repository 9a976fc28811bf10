/** Why something was not done, in a sentence that tells what to do next. */
export class Failure extends Error {
  /** For programs: a code of the API, or a name of the site. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const UNREACHABLE = new Failure(
  "unreachable",
  "The exchange is not reachable. Is it running? Start it with: tickyard up",
);
