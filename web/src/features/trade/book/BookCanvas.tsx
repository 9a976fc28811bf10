import { type PointerEvent, useEffect, useMemo, useRef } from "react";
import { useTheme } from "@/lib/theme";
import { type Look, layout, lookOf, paint, rowAt, type Scene } from "./paint";

interface Props {
  /** What to draw now; asked for when there is something new. */
  scene: Omit<Scene, "width" | "height" | "row" | "hovered">;
  row: number;
  label: string;
  onPick: (price: string) => void;
}

/** The book as one picture: a hundred changing cells would cost the page much more. */
export function BookCanvas({ scene, row, label, onPick }: Props) {
  const place = useRef<HTMLCanvasElement>(null);
  const look = useRef<Look | null>(null);
  const hovered = useRef<number | null>(null);
  const latest = useRef(scene);
  const theme = useTheme((kept) => kept.theme);
  latest.current = scene;

  const draw = useMemo(() => {
    let asked = 0;
    return () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => {
        const canvas = place.current;
        const context = canvas?.getContext("2d");
        if (!canvas || !context) return;
        const { clientWidth: width, clientHeight: height } = canvas;
        const scale = window.devicePixelRatio;
        if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
        if (canvas.height !== Math.round(height * scale))
          canvas.height = Math.round(height * scale);
        context.setTransform(scale, 0, 0, scale, 0, 0);
        look.current ??= lookOf(canvas);
        const whole = { ...latest.current, width, height, row, hovered: hovered.current };
        paint(context, whole, look.current);
      });
    };
  }, [row]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new colours
  useEffect(() => {
    look.current = null;
    draw();
  }, [theme, draw]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new picture
  useEffect(draw, [scene, draw]);
  useEffect(() => {
    const watcher = new ResizeObserver(draw);
    if (place.current) watcher.observe(place.current);
    return () => watcher.disconnect();
  }, [draw]);

  function under(event: PointerEvent<HTMLCanvasElement>): number {
    const { height, top } = event.currentTarget.getBoundingClientRect();
    return rowAt({ ...latest.current, height, row }, event.clientY - top);
  }

  return (
    <canvas
      ref={place}
      role="img"
      aria-label={label}
      className="book-canvas"
      onPointerMove={(event) => {
        hovered.current = under(event);
        draw();
      }}
      onPointerLeave={() => {
        hovered.current = null;
        draw();
      }}
      onClick={(event) => {
        const { height, top } = event.currentTarget.getBoundingClientRect();
        const place = { ...latest.current, height, row };
        const picked = layout(place).rows[rowAt(place, event.clientY - top)];
        if (picked) onPick(picked.step.price);
      }}
    />
  );
}
