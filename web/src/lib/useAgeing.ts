import { useEffect } from "react";

/** How long something stands that was said once; tables tell it afterwards. */
export const SAID_MS = 60_000;

/** Puts away what was said when it has stood for a minute; what has changed meanwhile stands anew. */
export function useAgeing(said: string | undefined, putAway: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: how it is put away does not make it younger
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(putAway, SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
}
