/** Where somebody was who logs in, to go back to. */
let last: string | null = null;

const WORTH_IT = /^\/(trade\/|account)/;

/** Remembers a path, if logging in there leads back to it. */
export function passedBy(path: string): void {
  if (WORTH_IT.test(path)) last = path;
}

export function lastPlace(): string | null {
  return last;
}
