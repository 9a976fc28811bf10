/** Why something was not done, in a sentence that tells what to do next. */
export class Failure extends Error {
  /** For programs: a code of the API, or a name of the site. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What was sent may have arrived, and its answer not: sending it again may do it twice. */
export const UNANSWERED = new Failure(
  "unanswered",
  "The exchange has not answered, so it may or may not have done this. Look before you try again.",
);

export const UNREACHABLE = new Failure(
  "unreachable",
  "The exchange is not reachable. Is it running? Start it with: tickyard up",
);
