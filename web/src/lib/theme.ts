/** Light or dark: chosen by a switch, kept by the browser, dark at first. */
import { create } from "zustand";

export type Theme = "dark" | "light";

const KEPT_AS = "tickyard.theme";

export const useTheme = create<{ theme: Theme }>(() => ({
  theme: localStorage.getItem(KEPT_AS) === "light" ? "light" : "dark",
}));

/** Lets the page follow the choice, from now on. */
export function applyTheme(): void {
  const show = ({ theme }: { theme: Theme }) => {
    document.documentElement.dataset.theme = theme;
  };
  show(useTheme.getState());
  useTheme.subscribe((now) => {
    show(now);
    localStorage.setItem(KEPT_AS, now.theme);
  });
}

export function switchTheme(): void {
  useTheme.setState(({ theme }) => ({ theme: theme === "dark" ? "light" : "dark" }));
}
