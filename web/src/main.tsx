import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { resume } from "@/api/session";
import { router } from "@/app/router";
import { applyTheme } from "@/lib/theme";
import "@/ui/tokens.css";
import "@/ui/ui.css";

const queries = new QueryClient({ defaultOptions: { queries: { retry: 1 } } });
const place = document.getElementById("root");
if (!place) throw new Error("index.html has a place for the page");

applyTheme();
void resume();
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
