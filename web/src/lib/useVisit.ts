import { useEffect, useState } from "react";

const PATIENCE_MS = 30_000;

/** Which visit to the page this is, from 1 on; 0 while the page has been hidden for half a minute. */
export function useVisit(): number {
  const [{ isHere, visit }, set] = useState({ isHere: true, visit: 1 });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (!document.hidden) {
        set((now) => (now.isHere ? now : { isHere: true, visit: now.visit + 1 }));
      } else timer = setTimeout(() => set((now) => ({ ...now, isHere: false })), PATIENCE_MS);
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return isHere ? visit : 0;
}
