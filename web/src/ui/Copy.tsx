import { useEffect, useState } from "react";
import { Button } from "./Button";

const SAID_MS = 3_000;

/** Puts a text where it can be pasted from, and says whether that went well. */
export function Copy({ text, children = "Copy" }: { text: string; children?: string }) {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);

  async function copy() {
    // Browsers have it only where the page comes over a safe way, and may refuse it.
    await navigator.clipboard.writeText(text);
  }

  return (
    <Button
      onClick={() =>
        copy().then(
          () => setSaid("Copied"),
          () => setSaid("Not possible here: select it by hand"),
        )
      }
    >
      <span role="status">{said ?? children}</span>
    </Button>
  );
}
