import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { leave, useSession } from "@/api/session";
import { overall } from "@/api/socket/messages";
import { useStreams } from "@/api/socket/stream";
import { passedBy } from "@/lib/place";
import { switchTheme, useTheme } from "@/lib/theme";
import { Button } from "@/ui/Button";
import { ThemeIcon } from "./ThemeIcon";
import "./app.css";

const WORDS = {
  connecting: "connecting",
  live: "live",
  lost: "connection lost",
} as const;

/** What surrounds every page. */
export function Layout() {
  const { state, me, trouble } = useSession();
  const link = useStreams(({ links }) => overall(Object.values(links)));
  const theme = useTheme((kept) => kept.theme);
  const { pathname } = useLocation();
  useEffect(() => passedBy(pathname), [pathname]);
  return (
    <>
      <div className="demo">Demo: simulated participants, no real money, this machine only</div>
      <header className="top-bar">
        <Link to="/" className="brand">
          <img src="/mark.svg" width="22" height="22" alt="" /> Tickyard
        </Link>
        <nav aria-label="Pages">
          <Link to="/markets">Markets</Link>
          <Link to="/trade/$instId" params={{ instId: "BTC-USDT" }}>
            Trade
          </Link>
        </nav>
        <div className="who">
          <button
            type="button"
            className="icon-button"
            aria-label={theme === "dark" ? "Light theme" : "Dark theme"}
            onClick={switchTheme}
          >
            <ThemeIcon theme={theme} />
          </button>
          {link !== "idle" && (
            <span
              className="dot"
              data-state={link}
              role="img"
              aria-label={WORDS[link]}
              title={WORDS[link]}
            />
          )}
          {state === "in" && (
            <>
              <Link to="/account" className="me">
                {me?.email}
              </Link>
              <Button onClick={() => void leave()}>Log out</Button>
            </>
          )}
          {state === "out" && (
            <>
              <Link to="/log-in">Log in</Link>
              <Link to="/sign-up" className="button main">
                Sign up
              </Link>
            </>
          )}
        </div>
      </header>
      {(link === "lost" || trouble) && (
        <div className="lost" role="alert">
          {trouble ?? "The connection is lost. What you see is old. Trying again …"}
        </div>
      )}
      <Outlet />
    </>
  );
}
