import { useState } from "react";
import { Failure } from "@/lib/failure";

/** Something that takes a moment: whether it is being done, and why it could not be. */
export function useTask() {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, failure, run, forget: () => setFailure(null) };
}
