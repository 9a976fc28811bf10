import { useEffect, useState } from "react";

const PATIENCE_MS = 30_000;

/** Whether somebody can see the page: false once it has been hidden for half a minute. */
export function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (!document.hidden) setVisible(true);
      else timer = setTimeout(() => setVisible(false), PATIENCE_MS);
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return isVisible;
}
